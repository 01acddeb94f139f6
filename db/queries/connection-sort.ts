import { type SQL, sql } from "drizzle-orm";
import { connections, credentials } from "#db/schema/connections";
import { datasetRuns } from "#db/schema/imports";
import { importSchedules } from "#db/schema/schedules";
import type { SortKey } from "./keyset.ts";

/** Orders of the list of connections. `enterprise`: by enterprise, and within one by what needs attention. */
export const connectionSorts = ["tenant", "attention", "enterprise"] as const;
export type ConnectionSort = (typeof connectionSorts)[number];

const ofConnection = (table: { workspaceId: unknown; connectionId: unknown }) =>
  sql`${table.workspaceId} = ${connections.workspaceId} and ${table.connectionId} = ${connections.id}`;

/** An import of it waits for a decision. */
export const isHeld: SQL = sql`exists (
  select from ${datasetRuns} where ${ofConnection(datasetRuns)} and ${datasetRuns.state} = 'suspect')`;

const expiresSoon = sql`exists (
  select from ${credentials} where ${ofConnection(credentials)} and ${credentials.state} = 'active'
    and ${credentials.expiresAt} < now() + interval '30 days')`;

/** Its import is due for an hour and did not begin (lib/domain/overdue). */
const isLate = sql`exists (
  select from ${importSchedules} where ${ofConnection(importSchedules)}
    and ${importSchedules.nextRunAt} < now() - interval '1 hour')`;

/** What needs a person comes first: broken, held, about to expire, late, unfinished; then what works, rests, has ended. */
const attention = sql`case
  when ${connections.status} = 'action-needed' then '1'
  when ${connections.status} = 'disconnected' then '9'
  when ${isHeld} then '2'
  when ${expiresSoon} then '3'
  when ${connections.status} = 'paused' then '8'
  when ${isLate} then '4'
  when ${connections.status} in ('draft', 'awaiting-consent', 'verifying') then '5'
  else '6' end`;

const name = sql`coalesce(${connections.tenantName}, ${connections.name})`;

/** Sorts below every letter, so that `A` + more comes before `AB` + more. Source: Unicode TR35, U+FFFE. */
const joint = sql.raw("U&'\\FFFE'");

const expressions: Readonly<Record<ConnectionSort, SQL>> = {
  tenant: name,
  attention: sql`${attention} || ${name}`,
  enterprise: sql`case when ${connections.enterprise} is null then '2' else '1' || ${connections.enterprise} end
    || ${joint} || ${attention} || ${name}`,
};

export const connectionSortKey = (sort: ConnectionSort): SortKey => ({
  expression: expressions[sort],
  type: "text",
  descending: false,
});
