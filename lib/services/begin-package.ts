import { z } from "zod";
import { type LockedConnection, lockConnection } from "#db/queries/connections";
import { insertPackage, sumOpenBytes } from "#db/queries/packages";
import { packageChunkBytes, packageKinds } from "#lib/domain/package";
import { UseCaseError } from "./errors.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { chunkCount } from "./package-view.ts";
import { requireRate } from "./rate-limit.ts";
import {
  auditUpload,
  requireOwnConnection,
  requireUpload,
  type Uploader,
  uploadTokenOf,
} from "./uploader.ts";

export const beginPackageInput = z.strictObject({
  connectionId: guid,
  kind: z.enum(packageKinds).default("package"),
  fileName: z
    .string()
    .trim()
    .min(1)
    .transform((name) => name.replace(/\p{C}|\p{Surrogate}/gu, "").slice(0, 200)),
  bytes: z.int().min(1, "The file is empty."),
  /** Old CSV files are sent one after the other: so many bytes are the account SKUs. */
  skuBytes: z.int().min(1, "The file is empty.").optional(),
  /** Old CSV files alone: the day they were written, since they do not say. */
  collectedOn: z.iso.date("Enter a day, such as 2022-05-01.").optional(),
});

/** An upload that may be sent now, in chunks of `bytes` numbered from 0. */
export interface BegunPackage {
  readonly id: string;
  readonly chunks: { readonly bytes: number; readonly count: number };
}

/** What waits on a connection has the room of so many of the largest uploads. */
const maxStored = 4;

/**
 * Begins an upload to a connection of the deprecated connector; nothing changes before all of it was checked. One that
 * was still arriving there is given up. Right: import, or a token of that connection.
 * @throws UseCaseError `not-found`; `invalid` per field; `conflict` for a connection that takes no packages;
 * `rate-limited`.
 */
export async function beginPackage(
  by: Uploader,
  input: z.input<typeof beginPackageInput>,
): Promise<BegunPackage> {
  requireUpload(by);
  const request = parseInput(beginPackageInput, input);
  const { connectionId, kind, bytes } = request;
  requireOwnConnection(by, connectionId, "connection");
  const { workspaceId } = by;
  const { platform } = by;
  requireSize(bytes, platform.config.packageMaxBytes);
  const stated = kind === "msonline-csv" ? oldFiles(request, platform.now()) : none(request);
  return platform.db.inWorkspace(workspaceId, async (tx) => {
    const key = { workspaceId, connectionId };
    const connection = await lockConnection(tx, key);
    if (connection === undefined) throw notFound("connection");
    requireTakesPackages(connection);
    const stored = await sumOpenBytes(tx, key);
    if (stored + bytes > maxStored * platform.config.packageMaxBytes) {
      throw new UseCaseError(
        "conflict",
        "Earlier packages of this connection still wait. Try again when they are imported.",
      );
    }
    await requireRate(tx, by, "package", connectionId);
    const id = await insertPackage(tx, {
      ...key,
      kind,
      fileName: request.fileName,
      bytes,
      ...stated,
      uploadedBy: by.actor.name,
      tokenId: uploadTokenOf(by),
    });
    await auditUpload(tx, by, {
      action: "package.begun",
      target: { kind: "package", id },
      details: { connectionId, kind, bytes },
    });
    return { id, chunks: { bytes: packageChunkBytes, count: chunkCount(bytes) } };
  });
}

type Request = z.output<typeof beginPackageInput>;

const invalid = (field: string, message: string): UseCaseError =>
  new UseCaseError("invalid", message, { fields: { [field]: message } });

function requireSize(bytes: number, most: number): void {
  if (bytes <= most) return;
  const megabytes = Math.floor(most / 1024 ** 2);
  throw invalid("bytes", `An upload may have ${megabytes} MB here; this one has more.`);
}

function oldFiles({ bytes, skuBytes, collectedOn }: Request, now: Date) {
  if (skuBytes === undefined || skuBytes >= bytes) {
    throw invalid("skuBytes", "Both files are needed: account SKUs and users.");
  }
  if (collectedOn === undefined) throw invalid("collectedOn", "Enter the day they were written.");
  const collectedAt = new Date(`${collectedOn}T00:00:00Z`);
  if (collectedAt > now) throw invalid("collectedOn", "This day is still to come.");
  if (collectedAt.getUTCFullYear() < 2010) throw invalid("collectedOn", "Enter a day since 2010.");
  return { skuBytes, collectedAt };
}

function none({ skuBytes, collectedOn }: Request) {
  if (skuBytes !== undefined) throw invalid("skuBytes", "A package is one file.");
  if (collectedOn !== undefined)
    throw invalid("collectedOn", "A package says itself when it was collected.");
  return { skuBytes: null, collectedAt: null };
}

function requireTakesPackages({ source, status }: LockedConnection): void {
  if (source !== "office-365-deprecated") {
    throw new UseCaseError(
      "conflict",
      "This connection reads Microsoft itself; packages go to the deprecated connector.",
    );
  }
  if (status === "disconnected") {
    throw new UseCaseError("conflict", "The connection was disconnected.");
  }
}
