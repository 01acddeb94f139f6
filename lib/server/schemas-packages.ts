import { z } from "zod";
import { importStates } from "#lib/domain/import";
import { packageFaultCodes, packageKinds, packageStates } from "#lib/domain/package";

const instant = z.iso.datetime();

export const begunPackageSchema = z.strictObject({
  id: z.guid(),
  /** Bytes of every chunk but the last, and how many there are; numbered from 0. */
  chunks: z.strictObject({ bytes: z.int(), count: z.int() }),
});

export const packageSchema = z.strictObject({
  id: z.guid(),
  connectionId: z.guid(),
  kind: z.enum(packageKinds),
  state: z.enum(packageStates),
  fileName: z.string(),
  bytes: z.int(),
  sha256: z.string().nullable(),
  chunks: z.strictObject({ bytes: z.int(), count: z.int(), present: z.array(z.int()) }),
  collectedAt: instant.nullable(),
  collectorVersion: z.string().nullable(),
  skus: z.int().nullable(),
  users: z.int().nullable(),
  hasSignIns: z.boolean(),
  fault: z
    .strictObject({
      code: z.enum(packageFaultCodes),
      facts: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
      what: z.string(),
      action: z.string(),
    })
    .nullable(),
  importId: z.guid().nullable(),
  importState: z.enum(importStates).nullable(),
  uploadedBy: z.string(),
  byToken: z.boolean(),
  createdAt: instant,
  finishedAt: instant.nullable(),
});

export const packageListSchema = z.strictObject({ items: z.array(packageSchema) });
