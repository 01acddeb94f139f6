import type { ImportState } from "./import.ts";
import type { PackageFault, PackageKind, PackageState } from "./package.ts";
import type { PackageFaultText } from "./package-text.ts";

/** One upload as people follow it. Instants ISO UTC. */
export interface PackageItem {
  readonly id: string;
  readonly connectionId: string;
  readonly kind: PackageKind;
  readonly state: PackageState;
  readonly fileName: string;
  readonly bytes: number;
  /** Of all its bytes, hex; null until they were checked. */
  readonly sha256: string | null;
  /** How it is sent; `present` while it arrives. */
  readonly chunks: {
    readonly bytes: number;
    readonly count: number;
    readonly present: readonly number[];
  };
  /** When its data was read from Microsoft; null until it was checked. */
  readonly collectedAt: string | null;
  readonly collectorVersion: string | null;
  readonly skus: number | null;
  readonly users: number | null;
  readonly hasSignIns: boolean;
  readonly fault: (PackageFault & PackageFaultText) | null;
  /** The import that reads it, and its state. */
  readonly importId: string | null;
  readonly importState: ImportState | null;
  readonly uploadedBy: string;
  /** It came with an upload token. */
  readonly byToken: boolean;
  readonly createdAt: string;
  readonly finishedAt: string | null;
}

/** How fresh the packages of a connection are. Instants ISO UTC. */
export interface PackageArrival {
  /** The sound package that was collected last; null before the first. */
  readonly last: { readonly collectedAt: string; readonly receivedAt: string } | null;
  /** In which rhythm they came; null where there is none (yet). */
  readonly rhythm: {
    readonly everyDays: number;
    readonly dueBy: string;
    readonly overdue: boolean;
  } | null;
}

/** An upload token as lists show it; its text is shown once and stored nowhere. */
export interface UploadTokenItem {
  readonly id: string;
  readonly name: string;
  readonly createdBy: string;
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  readonly lastUsedAt: string | null;
  readonly state: "live" | "expired" | "revoked";
}

/** Whether something may still happen to an upload by itself. */
export const isPackageMoving = (item: Pick<PackageItem, "state" | "importState">): boolean => {
  switch (item.state) {
    case "receiving":
    case "received":
    case "waiting":
      return true;
    case "importing":
      return (
        item.importState === null || item.importState === "queued" || item.importState === "running"
      );
    case "unchanged":
    case "refused":
    case "cancelled":
      return false;
    default:
      return item.state satisfies never;
  }
};
