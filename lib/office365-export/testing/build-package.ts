import { createHash } from "node:crypto";
import { buffer } from "node:stream/consumers";
import yazl from "yazl";
import type { PackageBytes } from "../package-bytes.ts";

/** What goes into a test package; everything may be overridden, to make it wrong. */
export interface PackageDraft {
  readonly tenantId: string;
  readonly skus: readonly object[];
  readonly users: readonly object[];
  readonly signIns?: readonly object[];
  readonly manifest?: Readonly<Record<string, unknown>>;
  /** Replaces or adds files after their hashes were taken; null leaves one out. */
  readonly files?: Readonly<Record<string, string | Buffer | null>>;
}

export const sampleTenant = "7d6a2f11-6a1a-4b6f-9d57-0d6f8b1f2a11";
/** Office 365 E3 and Microsoft 365 E5. */
export const e3 = "6fd2c87f-b296-42f0-b197-1e91e994b900";
export const e5 = "06ebc4ee-1bb5-47dd-8120-11324bc54e06";

export const sku = (skuId: string, units: object = {}) => ({
  skuId,
  skuPartNumber: skuId === e3 ? "ENTERPRISEPACK" : "SPE_E5",
  appliesTo: "User",
  active: 10,
  warning: 2,
  suspended: 1,
  lockedOut: 0,
  consumed: 3,
  ...units,
});

export const userIdOf = (no: number): string =>
  `00000000-0000-4000-8000-${no.toString(16).padStart(12, "0")}`;

export const user = (no: number, more: object = {}) => ({
  id: userIdOf(no),
  userPrincipalName: `person${no}@contoso.example`,
  displayName: `Person ${no}`,
  accountEnabled: true,
  userType: "Member",
  createdAt: "2019-03-01T08:00:00Z",
  licenses: [{ skuId: e3, direct: true, groupIds: [] }],
  ...more,
});

export const lines = (rows: readonly object[]): Buffer =>
  Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));

const facts = (content: Buffer, rows: number) => ({
  rows,
  bytes: content.length,
  sha256: createHash("sha256").update(content).digest("hex"),
});

/** A real ZIP, as the collector writes it unless told otherwise. */
export async function buildPackage(draft: PackageDraft): Promise<Buffer> {
  const lists: Record<string, readonly object[]> = {
    "skus.ndjson": draft.skus,
    "users.ndjson": draft.users,
    ...(draft.signIns ? { "sign-ins.ndjson": draft.signIns } : {}),
  };
  const contents = new Map(Object.entries(lists).map(([name, rows]) => [name, lines(rows)]));
  const manifest = {
    format: "seatledger-office365-export",
    schemaVersion: 1,
    tenantId: draft.tenantId,
    tenantName: "Contoso",
    defaultDomain: "contoso.example",
    collectedAt: "2026-11-20T06:00:00Z",
    collectorVersion: "1.0.0",
    files: Object.fromEntries(
      Object.entries(lists).map(([name, rows]) => [name, facts(lines(rows), rows.length)]),
    ),
    ...draft.manifest,
  };
  const all = new Map<string, string | Buffer | null>([
    ["manifest.json", JSON.stringify(manifest)],
    ...contents,
    ...Object.entries(draft.files ?? {}),
  ]);
  return zipOf([...all].flatMap(([name, content]) => (content === null ? [] : [[name, content]])));
}

/** A ZIP of these files, in their order. */
export async function zipOf(
  files: readonly (readonly [string, string | Buffer])[],
): Promise<Buffer> {
  const zip = new yazl.ZipFile();
  for (const [name, content] of files) zip.addBuffer(Buffer.from(content), name);
  zip.end();
  return buffer(zip.outputStream);
}

/** Bytes in memory, read in small pieces so that every boundary is met. */
export const bytesOf = (content: Uint8Array, piece = 4096): PackageBytes => ({
  size: content.length,
  async *read(start, end) {
    for (let at = start; at < end; at += piece)
      yield content.subarray(at, Math.min(at + piece, end));
  },
});
