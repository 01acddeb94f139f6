import { z } from "zod";
import { guid, isRecord, list, text } from "./scalars.ts";

/**
 * One definition with two readings. `schema` decides what is accepted, says what is wrong and cleans. `isPlain` is quick
 * and knows only the usual: it is true for values that the schema accepts and would hand back as they are (properties
 * that the schema does not name aside), and may be false for any other. Rows come by the million and nearly all are plain.
 */
export interface Shape<Schema extends z.ZodType> {
  readonly schema: Schema;
  readonly isPlain: (value: unknown) => boolean;
}

type Shapes = Readonly<Record<string, Shape<z.ZodType>>>;

const plainGuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const guidShape: Shape<typeof guid> = {
  schema: guid,
  isPlain: (value) => typeof value === "string" && value.length === 36 && plainGuid.test(value),
};

export const textShape: Shape<typeof text> = {
  schema: text,
  isPlain: (value) => typeof value === "string",
};

export const booleanShape: Shape<z.ZodBoolean> = {
  schema: z.boolean(),
  isPlain: (value) => typeof value === "boolean",
};

/** A list whose entries are looked at one by one. */
export const listShape: Shape<typeof list> = { schema: list, isPlain: Array.isArray };

export const optionalShape = <S extends z.ZodType>({ schema, isPlain }: Shape<S>) => ({
  schema: schema.nullish(),
  isPlain: (value: unknown) => value === null || value === undefined || isPlain(value),
});

export const arrayShape = <S extends z.ZodType>({ schema, isPlain }: Shape<S>) => ({
  schema: z.array(schema),
  isPlain: (value: unknown) => Array.isArray(value) && value.every(isPlain),
});

export function objectShape<Fields extends Shapes>(
  fields: Fields,
): Shape<z.ZodObject<{ -readonly [Name in keyof Fields]: Fields[Name]["schema"] }>> {
  const entries = Object.entries(fields);
  const schemas = Object.fromEntries(entries.map(([name, { schema }]) => [name, schema]));
  return {
    // Safe: the same names with their own schemas, which fromEntries does not tell.
    schema: z.object(schemas as { -readonly [Name in keyof Fields]: Fields[Name]["schema"] }),
    isPlain: (value) =>
      isRecord(value) && entries.every(([name, { isPlain }]) => isPlain(value[name])),
  };
}
