import { type SQL, sql } from "drizzle-orm";
import type { Tx } from "#db/client";

/** A tenant's service, as one connection asks it. */
export interface ServiceKey {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly service: string;
}

/** How long a request has to wait: for its slot, and (as part of that) for the end of a limit. Whole milliseconds, ≥ 0. */
export interface Reservation {
  readonly waitMs: number;
  readonly limitedMs: number;
}

/** The service's own row: what holds for all of its operations. */
const wholeService = "";

/**
 * Takes the next slot of a budget of so many requests in any span of `perMs`, in one statement, so that workers take turns.
 * Never before a limit's end. Database time; the row keeps as many slots as the budget has requests.
 */
export async function reserveSlot(
  tx: Tx,
  key: ServiceKey & { readonly operation: string },
  budget: { readonly requests: number; readonly perMs: number },
): Promise<Reservation> {
  const { requests, perMs } = budget;
  const limitedUntil = sql`(select l.limited_until from service_budgets l
    where l.workspace_id = ${key.workspaceId}::uuid and l.connection_id = ${key.connectionId}::uuid
      and l.service = ${key.service} and l.operation = ${wholeService})`;
  // greatest() leaves nulls out: an unset limit, a budget that is not used up.
  const next = sql`greatest(clock_timestamp(), ${limitedUntil}, b.slots[cardinality(b.slots)],
    b.slots[cardinality(b.slots) - ${requests - 1}::int] + make_interval(secs => ${perMs / 1000}))`;
  const [row] = await tx.execute<{ wait_ms: number; limited_ms: number }>(sql`
    insert into service_budgets as b (workspace_id, connection_id, service, operation, slots)
    values (${key.workspaceId}::uuid, ${key.connectionId}::uuid, ${key.service}, ${key.operation},
      array[greatest(clock_timestamp(), ${limitedUntil})])
    on conflict (workspace_id, connection_id, service, operation) do update
      set slots = (b.slots || ${next})[greatest(1, cardinality(b.slots) + 2 - ${requests}::int):]
    returning floor(${msUntil(sql`b.slots[cardinality(b.slots)]`)}) as wait_ms,
      ceil(${msUntil(limitedUntil)}) as limited_ms`);
  if (row === undefined) throw new Error("A slot is always given.");
  return { waitMs: row.wait_ms, limitedMs: row.limited_ms };
}

const msUntil = (instant: SQL): SQL =>
  sql`greatest(0, coalesce(extract(epoch from ${instant} - clock_timestamp()), 0) * 1000)::float8`;

/** Microsoft wants the service left alone for `ms`: for everybody, and never shorter than it was told before. */
export async function limitService(tx: Tx, key: ServiceKey, ms: number): Promise<void> {
  await tx.execute(sql`
    insert into service_budgets as b (workspace_id, connection_id, service, operation, limited_until)
    values (${key.workspaceId}::uuid, ${key.connectionId}::uuid, ${key.service}, ${wholeService},
      clock_timestamp() + make_interval(secs => ${ms / 1000}))
    on conflict (workspace_id, connection_id, service, operation) do update
      set limited_until = greatest(b.limited_until, excluded.limited_until)`);
}

/** A service that is limited now, and for how many milliseconds more. */
export interface ServiceLimit {
  readonly connectionId: string;
  readonly service: string;
  readonly limitedMs: number;
}

interface LimitRow extends Record<string, unknown> {
  readonly connection_id: string;
  readonly service: string;
  readonly limited_ms: number;
}

const toLimit = (row: LimitRow): ServiceLimit => ({
  connectionId: row.connection_id,
  service: row.service,
  limitedMs: row.limited_ms,
});

/** What is limited in the whole installation. Ids only; asked by workers now and then, not for every request. */
export async function listLimitedServices(tx: Tx): Promise<readonly ServiceLimit[]> {
  const rows = await tx.execute<LimitRow>(
    sql`select connection_id, service, limited_ms from app.limited_services()`,
  );
  return rows.map(toLimit);
}

/** What is limited for one connection. */
export async function listLimitsOf(
  tx: Tx,
  key: Omit<ServiceKey, "service">,
): Promise<readonly ServiceLimit[]> {
  const rows = await tx.execute<LimitRow>(sql`
    select connection_id, service, ceil(${msUntil(sql`limited_until`)}) as limited_ms
    from service_budgets
    where workspace_id = ${key.workspaceId}::uuid and connection_id = ${key.connectionId}::uuid
      and operation = ${wholeService} and limited_until > clock_timestamp()`);
  return rows.map(toLimit);
}
