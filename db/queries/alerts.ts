import { and, eq, inArray, isNull, ne, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { alerts } from "#db/schema/alerts";
import { connections } from "#db/schema/connections";
import {
  type AlertFacts,
  type AlertKey,
  type AlertKind,
  type AlertSeverity,
  alertKey,
  alertSeverities,
  alertSeverity,
  connectionOf,
  type OpenAlert,
} from "#lib/domain/alert";
import type { Method } from "#lib/domain/connection";
import type { ConnectionKey } from "./connections.ts";
import { type After, keysetAfter, keysetOrder, type SortKey, sortValueText } from "./keyset.ts";

const columnsOf = (facts: AlertFacts) => ({ facts, severity: alertSeverity(facts) });

/**
 * Opens the alert of the facts' key, or finds the one that is open and notes that it was seen; the row stays locked.
 * `before` is what it was; null when it was opened now.
 */
export async function openAlert(
  tx: Tx,
  workspaceId: string,
  facts: AlertFacts,
): Promise<{ readonly id: string; readonly before: OpenAlert | null }> {
  const connectionId = connectionOf(facts);
  if (connectionId !== null) await shareConnection(tx, { workspaceId, connectionId });
  const [row] = await tx
    .insert(alerts)
    .values({
      workspaceId,
      ...alertKey(facts),
      connectionId,
      ...columnsOf(facts),
    })
    .onConflictDoUpdate({
      target: [alerts.workspaceId, alerts.kind, alerts.subject],
      targetWhere: isNull(alerts.resolvedAt),
      set: { lastSeenAt: sql`now()` },
    })
    .returning({
      id: alerts.id,
      facts: alerts.facts,
      acknowledgedAt: alerts.acknowledgedAt,
      opened: sql<boolean>`(xmax = 0)`,
    });
  if (row === undefined) throw new Error("an alert is opened or was open");
  const before = row.opened
    ? null
    : { facts: row.facts, acknowledged: row.acknowledgedAt !== null };
  return { id: row.id, before };
}

/** The connection before its alerts, always: the foreign key would take the lock in the other order. */
async function shareConnection(tx: Tx, key: ConnectionKey): Promise<void> {
  await tx
    .select({ id: connections.id })
    .from(connections)
    .where(and(eq(connections.workspaceId, key.workspaceId), eq(connections.id, key.connectionId)))
    .for("key share");
}

/** Writes what an open alert has become. */
export async function saveAlert(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
  alert: OpenAlert,
): Promise<void> {
  await tx
    .update(alerts)
    .set({
      ...columnsOf(alert.facts),
      ...(alert.acknowledged ? {} : { acknowledgedAt: null, acknowledgedBy: null }),
    })
    .where(ofKey(key));
}

/** Resolves the open alert of a key, if there is one. */
export async function closeAlert(tx: Tx, workspaceId: string, key: AlertKey): Promise<void> {
  await tx
    .update(alerts)
    .set({ resolvedAt: sql`now()`, lastSeenAt: sql`now()` })
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.kind, key.kind),
        eq(alerts.subject, key.subject),
        isNull(alerts.resolvedAt),
      ),
    );
}

/** Resolves whatever is open about a connection, but for these kinds. */
export async function closeAlertsOf(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
  butFor: AlertKind,
): Promise<void> {
  await tx
    .update(alerts)
    .set({ resolvedAt: sql`now()`, lastSeenAt: sql`now()` })
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.connectionId, connectionId),
        ne(alerts.kind, butFor),
        isNull(alerts.resolvedAt),
      ),
    );
}

/** What is open about a connection. */
export async function listOpenAlertsOf(
  tx: Tx,
  { workspaceId, connectionId }: ConnectionKey,
): Promise<readonly AlertFacts[]> {
  const rows = await tx
    .select({ facts: alerts.facts })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, workspaceId),
        eq(alerts.connectionId, connectionId),
        isNull(alerts.resolvedAt),
      ),
    );
  return rows.map((row) => row.facts);
}

const ofKey = (key: { readonly workspaceId: string; readonly id: string }) =>
  and(eq(alerts.workspaceId, key.workspaceId), eq(alerts.id, key.id));

/** An alert and the connection it is about. */
export interface AlertRow {
  readonly id: string;
  readonly facts: AlertFacts;
  readonly severity: AlertSeverity;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly resolvedAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: string | null;
  /** Null for what concerns the installation. */
  readonly connection: {
    readonly id: string;
    readonly name: string;
    readonly method: Method | null;
    readonly tenantId: string | null;
    readonly tenantName: string | null;
  } | null;
  readonly after: After;
}

const severityRank = sql.join(
  alertSeverities.map((severity, rank) => sql`when ${severity} then ${sql.raw(String(rank))}`),
  sql` `,
);

/** Open ones first and the most pressing of them on top; then acknowledged ones, then resolved ones; the newest first. */
const byUrgency: SortKey = {
  expression: sql`
    (case when ${alerts.resolvedAt} is not null then 4 when ${alerts.acknowledgedAt} is not null then 3
      else case ${alerts.severity} ${severityRank} end end) * 100000000000000::numeric
    - trunc(extract(epoch from coalesce(${alerts.resolvedAt}, ${alerts.openedAt})) * 1000)`,
  type: "number",
  descending: false,
};

const columns = {
  id: alerts.id,
  facts: alerts.facts,
  severity: alerts.severity,
  openedAt: alerts.openedAt,
  lastSeenAt: alerts.lastSeenAt,
  resolvedAt: alerts.resolvedAt,
  acknowledgedAt: alerts.acknowledgedAt,
  acknowledgedBy: alerts.acknowledgedBy,
  connectionId: alerts.connectionId,
  name: connections.name,
  method: connections.method,
  tenantId: connections.tenantId,
  tenantName: connections.tenantName,
  sortText: sortValueText(byUrgency),
};

const selectAlerts = (tx: Tx) =>
  tx
    .select(columns)
    .from(alerts)
    .leftJoin(
      connections,
      and(eq(connections.workspaceId, alerts.workspaceId), eq(connections.id, alerts.connectionId)),
    );

type Selected = Awaited<ReturnType<typeof selectAlerts>>[number];

const toRow = (selected: Selected): AlertRow => {
  const { connectionId, name, method, tenantId, tenantName, sortText, ...row } = selected;
  const connection =
    connectionId === null || name === null
      ? null
      : { id: connectionId, name, method, tenantId, tenantName };
  return { ...row, connection, after: { key: sortText, id: row.id } };
};

/** Which alerts a reader is shown. */
export interface AlertScope {
  readonly workspaceId: string;
  /** Kinds the reader may see. */
  readonly kinds: readonly AlertKind[];
}

/** Alerts, open and most pressing first. */
export async function listAlertRows(
  tx: Tx,
  query: AlertScope & {
    readonly tenantId?: string | undefined;
    readonly state?: "open" | "resolved" | undefined;
    readonly after: After | null;
    readonly limit: number;
  },
): Promise<readonly AlertRow[]> {
  const id = sql`${alerts.id}`;
  const { state } = query;
  const rows = await selectAlerts(tx)
    .where(
      and(
        eq(alerts.workspaceId, query.workspaceId),
        inArray(alerts.kind, [...query.kinds]),
        query.tenantId === undefined ? undefined : eq(connections.tenantId, query.tenantId),
        state === undefined ? undefined : sql`(${alerts.resolvedAt} is null) = ${state === "open"}`,
        keysetAfter(byUrgency, id, "uuid", query.after),
      ),
    )
    .orderBy(keysetOrder(byUrgency, id))
    .limit(query.limit);
  return rows.map(toRow);
}

/** Undefined for an unknown id, another workspace's, and a kind the reader may not see. */
export async function findAlert(
  tx: Tx,
  scope: AlertScope & { readonly id: string },
): Promise<AlertRow | undefined> {
  const [row] = await selectAlerts(tx).where(
    and(ofKey(scope), inArray(alerts.kind, [...scope.kinds])),
  );
  return row && toRow(row);
}

/** Open alerts nobody has acknowledged. */
export async function countNewAlerts(tx: Tx, scope: AlertScope): Promise<number> {
  const [row] = await tx
    .select({ count: sql<number>`count(*)::int` })
    .from(alerts)
    .where(
      and(
        eq(alerts.workspaceId, scope.workspaceId),
        inArray(alerts.kind, [...scope.kinds]),
        isNull(alerts.resolvedAt),
        isNull(alerts.acknowledgedAt),
      ),
    );
  return row?.count ?? 0;
}

/** Notes who has seen an open alert. False when it is resolved or somebody did so before. */
export async function recordAcknowledged(
  tx: Tx,
  key: { readonly workspaceId: string; readonly id: string },
  acknowledgedBy: string,
): Promise<boolean> {
  const rows = await tx
    .update(alerts)
    .set({ acknowledgedAt: sql`now()`, acknowledgedBy })
    .where(and(ofKey(key), isNull(alerts.resolvedAt), isNull(alerts.acknowledgedAt)))
    .returning({ id: alerts.id });
  return rows.length === 1;
}
