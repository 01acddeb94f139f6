import type { ConnectionStatus } from "./connection.ts";

/** Connections of one enterprise (null = none entered) in one status. */
export interface ConnectionCount {
  readonly enterprise: string | null;
  readonly status: ConnectionStatus;
  readonly connections: number;
  readonly held: number;
}

/** How many connections there are and need a person. */
export interface ConnectionSum {
  readonly connections: number;
  readonly needRepair: number;
  /** Not connected yet: drafts, awaiting consent, being verified. */
  readonly unfinished: number;
  /** With an import that waits for a decision. */
  readonly held: number;
}

export interface ConnectionCounts extends ConnectionSum {
  /** By name, those without an enterprise last. */
  readonly enterprises: readonly (ConnectionSum & { readonly enterprise: string | null })[];
}

const unfinished: readonly ConnectionStatus[] = ["draft", "awaiting-consent", "verifying"];

const sumOf = (rows: readonly ConnectionCount[]): ConnectionSum => {
  const total = (of: readonly ConnectionCount[]) =>
    of.reduce((sum, { connections }) => sum + connections, 0);
  return {
    connections: total(rows),
    needRepair: total(rows.filter(({ status }) => status === "action-needed")),
    unfinished: total(rows.filter(({ status }) => unfinished.includes(status))),
    held: rows.reduce((sum, { held }) => sum + held, 0),
  };
};

/** Adds the counts up, in all and per enterprise. */
export function addUp(rows: readonly ConnectionCount[]): ConnectionCounts {
  const byEnterprise = Map.groupBy(rows, ({ enterprise }) => enterprise);
  const enterprises = [...byEnterprise]
    .map(([enterprise, own]) => ({ enterprise, ...sumOf(own) }))
    .sort((a, b) =>
      a.enterprise === null
        ? 1
        : b.enterprise === null
          ? -1
          : a.enterprise.localeCompare(b.enterprise, "und"),
    );
  return { ...sumOf(rows), enterprises };
}
