import type { Attention, ConnectionItem } from "#lib/domain/read-models";
import { dayInWords, daysBetween } from "#lib/domain/utc-day";

/** Days before a credential's expiry from which a person is told. Source: reference/fault-catalogue.md §3. */
const expiryNoticeDays = 30;
/** A directory older than this is stale. Source: reference/fault-catalogue.md E2. */
const staleAfterMs = 24 * 3600 * 1000;

/** What needs a person, the most pressing first. Texts name the tenant. */
export function attentionOf(
  connections: readonly ConnectionItem[],
  now: Date,
): readonly Attention[] {
  const found = connections.flatMap((connection) => [
    ...problemOf(connection),
    ...heldImportOf(connection),
    ...failedImportOf(connection),
    ...expiryOf(connection, now),
    ...staleDataOf(connection, now),
  ]);
  return found.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
}

const order: readonly Attention["kind"][] = [
  "problem",
  "held-import",
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

const failedImportOf = (connection: ConnectionItem): readonly Attention[] => {
  const last = connection.lastImport;
  if (connection.status === "action-needed") return [];
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
  if (now.getTime() - Date.parse(asOf) <= staleAfterMs) return [];
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
