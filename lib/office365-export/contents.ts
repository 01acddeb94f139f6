import type {
  OrganizationRow,
  QuarantinedRow,
  SignInRow,
  SkuRow,
  UserRow,
} from "#lib/import/ports";

/** One line of a file: a row, or why it is none. `unexpected`: fields that were dropped from it. */
export type Line<Row> =
  | { readonly row: Row; readonly unexpected?: readonly string[] }
  | { readonly refused: QuarantinedRow };

/** What an upload brings, whatever its form. Lists are streamed anew each time they are asked for. */
export interface PackageContents {
  readonly organization: OrganizationRow;
  skus(): AsyncIterable<Line<SkuRow>>;
  users(): AsyncIterable<Line<UserRow>>;
  /** Null when it brings none. */
  readonly signIns: (() => AsyncIterable<Line<SignInRow>>) | null;
}

/** What is known of a sound upload. Instants ISO UTC. */
export interface PackageSummary {
  /** When its data was read from Microsoft. */
  readonly collectedAt: string;
  readonly collectorVersion: string | null;
  readonly skus: number;
  readonly users: number;
  readonly hasSignIns: boolean;
}
