import type { AlertItem } from "#lib/domain/alert-item";
import { expiryText } from "#lib/domain/alert-text";
import { permissions } from "#lib/domain/connection";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { expiryStage } from "#lib/domain/credential-expiry";
import type { Attention } from "#lib/domain/overview";
import { dayInWords } from "#lib/domain/utc-day";

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
  alerts: readonly AlertItem[] = [],
): readonly Attention[] {
  const found = connections.flatMap((connection) => [
    ...problemOf(connection),
    ...heldImportOf(connection),
    ...overdueImportOf(connection),
    ...failedImportOf(connection),
    ...expiryOf(connection, now),
    ...staleDataOf(connection, now),
    ...newPermissionsOf(connection),
  ]);
  return [...found, ...alerts.flatMap(alertOf)].sort(
    (a, b) => order.indexOf(a.kind) - order.indexOf(b.kind),
  );
}

const order: readonly Attention["kind"][] = [
  "problem",
  "held-import",
  "overdue",
  "failed-import",
  "alert",
  "credential-expiry",
  "stale",
  "new-permissions",
];

/** What the connections themselves do not tell: an alert nobody has taken care of. */
const alertOf = (alert: AlertItem): readonly Attention[] => {
  if (alert.acknowledgedAt !== null || toldByConnection.includes(alert.kind)) return [];
  return [
    {
      kind: "alert",
      connectionId: alert.connectionId,
      text: alert.tenantName === null ? alert.what : `${alert.tenantName}: ${alert.what}`,
      href: alert.href,
      since: alert.openedAt,
    },
  ];
};

const toldByConnection: readonly AlertItem["kind"][] = ["access-lost", "credential-expiry"];

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

const expiredCodes: readonly string[] = ["secret-expired", "certificate-expired"];

const expiryOf = (connection: ConnectionItem, now: Date): readonly Attention[] => {
  const expiresAt = connection.credential?.expiresAt ?? null;
  if (expiresAt === null || expiryStage(new Date(expiresAt), now) === null) return [];
  // What Microsoft refused as expired says so itself, with the day.
  if (expiredCodes.includes(connection.problem?.code ?? "")) return [];
  const what = connection.credential?.kind === "certificate" ? "certificate" : "secret";
  return [
    {
      kind: "credential-expiry",
      connectionId: connection.id,
      text: `${nameOf(connection)}: ${what} ${expiryText(expiresAt, now)}.`,
      href: `${pageOf(connection)}#credential`,
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

/** A newer version asks for more than the administrator was asked; what was declined is nobody's task. */
const newPermissionsOf = (connection: ConnectionItem): readonly Attention[] => {
  const { newPermissions } = connection;
  if (newPermissions.length === 0 || connection.status === "action-needed") return [];
  const without = permissions
    .filter(({ name }) => newPermissions.includes(name))
    .map((permission) => permission.without);
  return [
    {
      kind: "new-permissions",
      connectionId: connection.id,
      text: `${nameOf(connection)}: ${newPermissions.join(", ")} ${newPermissions.length === 1 ? "is" : "are"} asked for since its consent. Without: ${without.join("; ")}.`,
      href: pageOf(connection),
      since: null,
    },
  ];
};
