import type { Attention, ConnectionItem } from "#lib/domain/read-models";
import { dayInWords, daysBetween } from "#lib/domain/utc-day";

/** Days before a credential's expiry from which a person is told. Source: reference/fault-catalogue.md §3. */
const expiryNoticeDays = 30;
const hourMs = 3600 * 1000;
/**
 * A directory older than this is stale: a day, or what the connection's schedule leaves between two imports with room
 * for one that failed. Source: reference/fault-catalogue.md E2.
 */
const staleAfterMs = { unscheduled: 24 * hourMs, daily: 49 * hourMs, weekly: 14 * 24 * hourMs };

/** What needs a person, the most pressing first. Texts name the tenant. */
export function attentionOf(
  connections: readonly ConnectionItem[],
  now: Date,
): readonly Attention[] {
  const found = connections.flatMap((connection) => [
    ...problemOf(connection),
    ...heldImportOf(connection),
    ...overdueImportOf(connection),
    ...failedImportOf(connection),
    ...expiryOf(connection, now),
    ...staleDataOf(connection, now),
  ]);
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order: readonly Attention["kind"][] = [
  "problem",
  "held-import",
  "overdue",
  "failed-import",
  "credential-expiry",
  "stale",
];

const nameOf = (connection: ConnectionItem): string => connection.tenantName ?? connection.name;
const pageOf = (connection: ConnectionItem): string => `/connections/${connection.id}`;

const problemOf = (connection: ConnectionItem): readonly Attention[] =>
  connection.status !== "action-needed"
    ? []
    : [
        {
          kind: "problem",
          connectionId: connection.id,
          text: `${nameOf(connection)}: ${connection.problem?.what ?? "something needs to be repaired."}`,
          href: pageOf(connection),
          since: connection.lastImport?.finishedAt ?? null,
        },
      ];

const heldImportOf = (connection: ConnectionItem): readonly Attention[] =>
  connection.heldImportId === null
    ? []
    : [
        {
          kind: "held-import",
          connectionId: connection.id,
          text: `${nameOf(connection)}: an import is held. Compare it with the published numbers, then publish or discard it.`,
          href: `/imports/${connection.heldImportId}`,
          since: connection.lastImport?.finishedAt ?? null,
        },
      ];

const overdueImportOf = (connection: ConnectionItem): readonly Attention[] => {
  const overdue = connection.schedule?.overdue ?? null;
  // A connection to be repaired says so itself.
  if (overdue === null || overdue.reason === "action-needed") return [];
  const failed = overdue.reason === "import-failed" ? connection.lastImport : null;
  return [
    {
      kind: "overdue",
      connectionId: connection.id,
      text: `${nameOf(connection)}: overdue. ${overdue.what} ${overdue.action}`,
      href: failed === null ? pageOf(connection) : `/imports/${failed.id}`,
      since: overdue.dueAt,
    },
  ];
};

const failedImportOf = (connection: ConnectionItem): readonly Attention[] => {
  const last = connection.lastImport;
  if (connection.status === "action-needed") return [];
  if (connection.schedule?.overdue?.reason === "import-failed") return [];
  if (last?.state !== "failed" && last?.state !== "partial") return [];
  return [
    {
      kind: "failed-import",
      connectionId: connection.id,
      text: `${nameOf(connection)}: ${
        last.state === "partial"
          ? "the last import could not read everything. See what is missing and why."
          : connection.asOf.directory === null
            ? "the first import failed; there are no numbers yet."
            : "the last import failed; the numbers are those of the one before."
      }`,
      href: `/imports/${last.id}`,
      since: last.finishedAt,
    },
  ];
};

const expiryOf = (connection: ConnectionItem, now: Date): readonly Attention[] => {
  const expiresAt = connection.credential?.expiresAt ?? null;
  if (expiresAt === null) return [];
  const day = expiresAt.slice(0, 10);
  const left = daysBetween(now.toISOString().slice(0, 10), day);
  if (left > expiryNoticeDays) return [];
  const what = connection.credential?.kind === "certificate" ? "certificate" : "secret";
  const when = left < 0 ? "expired" : left === 0 ? "expires today," : `expires in ${left} days,`;
  return [
    {
      kind: "credential-expiry",
      connectionId: connection.id,
      text: `${nameOf(connection)}: the ${what} ${when} on ${dayInWords(day)}.`,
      href: pageOf(connection),
      since: null,
    },
  ];
};

const staleDataOf = (connection: ConnectionItem, now: Date): readonly Attention[] => {
  const asOf = connection.asOf.directory;
  if (asOf === null || connection.status === "paused") return [];
  if ((connection.schedule?.overdue ?? null) !== null) return [];
  const allowed = staleAfterMs[connection.schedule?.cadence ?? "unscheduled"];
  if (now.getTime() - Date.parse(asOf) <= allowed) return [];
  return [
    {
      kind: "stale",
      connectionId: connection.id,
      text: `${nameOf(connection)}: the directory was last read on ${dayInWords(asOf.slice(0, 10))}.`,
      href: pageOf(connection),
      since: asOf,
    },
  ];
};
