import { z } from "zod";
import { UseCaseError } from "./errors.ts";

/** An id as it stands in a URL: a GUID in lower case. */
export const guid = z
  .string()
  .trim()
  .toLowerCase()
  .regex(
    /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    "Enter a GUID, such as 62e90394-69f5-4237-9190-012177145e10.",
  );

/** `true` or `false`, also as a query string has them. */
export const flagParameter = z.union([
  z.boolean(),
  z.enum(["true", "false"]).transform((text) => text === "true"),
]);

/** What people look for: 1 to 100 characters. */
export const searchText = z.string().trim().min(1).max(100);

/** Rows per page: 1 to 100, 50 by default. */
const limit = z.coerce.number().int().min(1).max(100).default(50);

/** `limit` and `cursor` of every list. */
export const pageInput = {
  limit,
  cursor: z.string().min(1).max(16_000).optional(),
};

/** The sorts of a list: each name, and with `-` before it the other way round. */
export const sortInput = <const Name extends string>(names: readonly [Name, ...Name[]]) =>
  z.enum(bothWays(names)).optional();

/** Safe: each name stands for itself and for itself with `-`; nothing else is in the list. */
const bothWays = <const Name extends string>(
  names: readonly [Name, ...Name[]],
): readonly (Name | `-${Name}`)[] => names.flatMap((name) => [name, `-${name}` as const]);

/** Splits a sort of `sortInput`. Safe: the enum has every name with and without `-`. */
export const splitSort = <Name extends string>(
  sort: Name | `-${Name}`,
): { readonly name: Name; readonly descending: boolean } =>
  sort.startsWith("-")
    ? { name: sort.slice(1) as Name, descending: true }
    : { name: sort as Name, descending: false };

/**
 * The input as the schema has it.
 * @throws UseCaseError `invalid` with one message per field.
 */
export function parseInput<S extends z.ZodType>(schema: S, input: unknown): z.output<S> {
  const result = schema.safeParse(input);
  if (result.success) return result.data;
  const fields: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const names = issue.code === "unrecognized_keys" ? issue.keys : [issue.path.join(".")];
    for (const name of names) fields[name] ??= issue.message;
  }
  throw new UseCaseError("invalid", "Some of the input cannot be used.", {
    fields,
    cause: result.error,
  });
}

/** Thrown for ids that are unknown here, be they nobody's or another workspace's. */
export const notFound = (what: string): UseCaseError =>
  new UseCaseError("not-found", `There is no such ${what}.`);
