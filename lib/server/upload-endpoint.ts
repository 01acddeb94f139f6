import type { z } from "zod";
import type { Uploader } from "#lib/services/uploader";
import { type Endpoint, endpoint } from "./endpoint.ts";

/** An operation that upload tokens may use as well: the only ones they can. */
export interface UploadEndpoint extends Endpoint {
  readonly runAs: (by: Uploader, input: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

type Plain<Input extends z.ZodObject> = Omit<
  Parameters<typeof endpoint<Input, unknown>>[0],
  "verb" | "present"
>;

/** An endpoint over a use case of uploads; its answer goes over the wire as it is. */
export function uploadEndpoint<Input extends z.ZodObject>(
  definition: Plain<Input> & {
    readonly verb: (by: Uploader, input: z.input<Input>) => Promise<unknown>;
  },
): UploadEndpoint {
  const { verb } = definition;
  return {
    ...endpoint<Input, unknown>(definition),
    // Safe: the use case parses its input itself before it uses any of it.
    runAs: (by, input) => verb(by, input as z.input<Input>),
  };
}
