/** What can be uploaded to the deprecated connector: an export package, or the two files of the old MSOnline scripts. */
export const packageKinds = ["package", "msonline-csv"] as const;
export type PackageKind = (typeof packageKinds)[number];

/**
 * Where an upload stands. `receiving`: bytes are missing; `received`: all there, to be checked; `waiting`: sound, another
 * import of the connection goes first; `importing`: an import reads it or has read it; the others are final.
 */
export const packageStates = [
  "receiving",
  "received",
  "waiting",
  "importing",
  "unchanged",
  "refused",
  "cancelled",
] as const;
export type PackageState = (typeof packageStates)[number];

/** Uploads go in parts of this many bytes; only the last may be shorter. */
export const packageChunkBytes = 4 * 1024 * 1024;

/** Why an upload was refused; each has a text of its own in lib/domain/package-text. */
export const packageFaultCodes = [
  "not-a-zip",
  "truncated",
  "encrypted",
  "unsafe-name",
  "duplicate-file",
  "unexpected-file",
  "missing-file",
  "too-many-files",
  "expands-too-much",
  "manifest-unreadable",
  "future-version",
  "wrong-hash",
  "wrong-size",
  "wrong-count",
  "line-too-long",
  "no-skus",
  "no-users",
  "other-tenant",
  "collected-in-future",
  "older-than-published",
  "sent-incomplete",
  "csv-encoding",
  "csv-malformed",
  "csv-column-missing",
  "csv-licenses-lost",
  "csv-sku-unknown",
  "connection-gone",
  "unexpected",
] as const;
export type PackageFaultCode = (typeof packageFaultCodes)[number];

/** A refusal as it is stored. `facts`: file and column names, counts, instants, part numbers; nothing of a person. */
export interface PackageFault {
  readonly code: PackageFaultCode;
  readonly facts?: Readonly<Record<string, string | number>>;
}

/** A package that cannot be taken. The message is for logs only. */
export class PackageError extends Error {
  readonly fault: PackageFault;
  constructor(code: PackageFaultCode, facts?: PackageFault["facts"], options?: ErrorOptions) {
    super(`package refused: ${code}`, options);
    this.name = "PackageError";
    this.fault = facts === undefined ? { code } : { code, facts };
  }
}
