import { randomUUID } from "node:crypto";
import { refresh } from "next/cache";
import { createSafeActionClient } from "next-safe-action";
import type { z } from "zod";
import type { Ctx, Platform } from "#lib/services/context";
import { isDatabaseFault } from "#lib/services/database-fault";
import { UseCaseError } from "#lib/services/errors";
import { log } from "./log.ts";
import { webPlatform } from "./platform.ts";
import { requireContext } from "./session.ts";

/** What an action tells of a failure: an expected one by code and text, any other by the id of its log entry. */
export interface ActionError {
  readonly code: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>>;
  readonly existingId?: string;
  readonly retryAfter?: number;
  readonly incident?: string;
}

const toActionError = (error: Error): ActionError => {
  if (error instanceof UseCaseError) {
    const { code, message, fields, existingId, retryAfter } = error;
    return {
      code,
      message,
      fields,
      ...(existingId === undefined ? {} : { existingId }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
    };
  }
  const incident = randomUUID();
  log.error({ err: error, incident }, "action");
  if (isDatabaseFault(error)) {
    return {
      code: "unavailable",
      message:
        "The database does not answer at the moment. What you entered is still here: try again soon.",
      incident,
    };
  }
  return {
    code: "unexpected",
    message: `Something went wrong on our side. Nothing more was changed. Report it with ${incident}.`,
    incident,
  };
};

const everybody = createSafeActionClient({
  handleServerError: toActionError,
  defaultValidationErrorsShape: "flattened",
});

const client = everybody.use(async ({ next }) =>
  next({ ctx: { session: await requireContext() } }),
);

/**
 * A server action: identity, parse, verb, result. The verb checks the right; the page's data is rendered anew
 * afterwards. Nothing else leaves a "use server" file (STYLE 10).
 */
export function action<Schema extends z.ZodType, Output>(
  schema: Schema,
  verb: (ctx: Ctx, input: z.output<Schema>) => Promise<Output>,
) {
  return client.inputSchema(schema).action(async ({ parsedInput, ctx }) => {
    // Safe: parsedInput is what this very schema made of the input; the client's types lose the generic.
    const output = await verb(ctx.session.ctx, parsedInput as z.output<Schema>);
    refresh();
    return output;
  });
}

/**
 * A server action of a page without a session: the platform, parse, verb, result. What its input names is the only key;
 * the proxy has refused other sites (fault-catalogue C13).
 */
export function publicAction<Schema extends z.ZodType, Output>(
  schema: Schema,
  verb: (platform: Platform, input: z.output<Schema>) => Promise<Output>,
) {
  return everybody.inputSchema(schema).action(async ({ parsedInput }) =>
    // Safe: as above.
    verb(await webPlatform(), parsedInput as z.output<Schema>),
  );
}
