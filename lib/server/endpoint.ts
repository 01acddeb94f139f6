import type { z } from "zod";
import type { Ctx } from "#lib/services/context";

/** What a use case takes: one object, or one of several that a field tells apart. */
export type InputSchema = z.ZodObject | z.ZodDiscriminatedUnion;

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** One operation of the API: where it is, what it takes, what it gives, and the use case that does it. */
export interface Endpoint {
  readonly id: string;
  readonly method: Method;
  /** Below /api/v1, with `{id}` where the path names a thing. */
  readonly path: string;
  readonly summary: string;
  /** The use case's whole input: path, query or body, and headers together. */
  readonly input: InputSchema;
  /** Field of the input that `{id}` fills. */
  readonly idField: string | null;
  /** Field of the input that the header Idempotency-Key fills. */
  readonly idempotencyField: string | null;
  /** Values the edge decides itself; callers cannot send them. */
  readonly fixed: Readonly<Record<string, unknown>>;
  readonly status: 200 | 201 | 202 | 204;
  /** Null for an answer without a body. */
  readonly output: z.ZodType | null;
  readonly run: (ctx: Ctx, input: Readonly<Record<string, unknown>>) => Promise<unknown>;
}

/** What a definition may leave out. */
interface Definition<Input extends InputSchema, Result> {
  readonly id: string;
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly input: Input;
  readonly idField?: keyof z.input<Input> & string;
  readonly idempotencyField?: keyof z.input<Input> & string;
  readonly fixed?: Partial<z.input<Input>>;
  readonly status?: Endpoint["status"];
  readonly verb: (ctx: Ctx, input: z.input<Input>) => Promise<Result>;
  readonly output: z.ZodType | null;
  readonly present?: (result: Result) => unknown;
}

/**
 * An endpoint over a use case. `present` turns the result into what goes over the wire, where the two differ; `output`
 * describes that.
 */
export function endpoint<Input extends InputSchema, Result>(
  definition: Definition<Input, Result>,
): Endpoint {
  const { verb, present, idField, idempotencyField, fixed, status, ...rest } = definition;
  return {
    ...rest,
    idField: idField ?? null,
    idempotencyField: idempotencyField ?? null,
    fixed: { ...fixed },
    status: status ?? 200,
    run: async (ctx, input) => {
      // Safe: the use case parses its input itself before it uses any of it.
      const result = await verb(ctx, input as z.input<Input>);
      return present === undefined ? result : present(result);
    },
  };
}
