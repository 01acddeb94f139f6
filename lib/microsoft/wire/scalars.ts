import { z } from "zod";

/** A plain JSON object, not an array. */
export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** A GUID, lower-cased: Microsoft's case varies between endpoints. */
export const guid = z
  .string()
  .regex(/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i)
  .transform((value) => value.toLowerCase());

/** Int32, not negative: units and seats. */
export const units = z.int().min(0).max(2_147_483_647);

/** Text as sent; cleaned in the map. */
export const text = z.string();

/** Nullable in Graph's metadata, and absent when not selected or not set. */
export const optional = <S extends z.ZodType>(schema: S) => schema.nullish();

/** A list whose entries are looked at one by one. */
export const list = z.array(z.unknown());
