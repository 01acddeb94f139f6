import type { Tenant } from "#simulator/store/tenant";
import { truthAssignments, truthOf, truthUsers } from "#simulator/store/truth";
import { readLicenses, readReconciliation, readSeats } from "../../db/testing/published-rows.ts";
import { type FullTruth, trueActivity } from "../../db/testing/simulated-import.ts";
import type { Installation, TestConnection } from "../testing/installation.ts";

/** One row that is not as the tenant has it; null = there is none. */
export interface Difference {
  readonly of: "account" | "seat" | "license" | "sign-in";
  readonly key: string;
  readonly stored: unknown;
  readonly true: unknown;
}

type Rows = ReadonlyMap<string, unknown>;
type Owner = Pick<Installation, "db">["db"];

/**
 * Compares what is published with the tenant, row by row both ways: accounts, seats with origin and date, licenses with
 * every count, and with `evidence` sign-ins and the activity of each license by lib/domain's own rule.
 */
export async function findDifferences(
  db: Owner,
  connection: TestConnection,
  tenant: Tenant,
  options: { readonly evidence: boolean },
): Promise<readonly Difference[]> {
  const truth = await fullTruth(tenant);
  const licenses = await storedLicenses(db, connection, options.evidence);
  return [
    ...compare("account", await storedAccounts(db, connection), trueAccounts(tenant)),
    ...compare("seat", seatRows(await readSeats(db, connection)), seatRows(truth.seats)),
    ...compare("license", licenses.rows, trueLicenses(truth, licenses.evaluatedOn, options)),
    ...(options.evidence
      ? compare("sign-in", await storedSignIns(db, connection), trueSignIns(truth))
      : []),
  ];
}

function compare(of: Difference["of"], stored: Rows, truth: Rows): readonly Difference[] {
  const found: Difference[] = [];
  for (const key of new Set([...stored.keys(), ...truth.keys()])) {
    const [is, should] = [stored.get(key) ?? null, truth.get(key) ?? null];
    if (JSON.stringify(is) !== JSON.stringify(should))
      found.push({ of, key, stored: is, true: should });
  }
  return found;
}

/** Keyed; a key that comes twice is kept apart, so that a doubled row is a difference. */
function keyed<T>(rows: Iterable<T>, key: (row: T) => string, value: (row: T) => unknown): Rows {
  const map = new Map<string, unknown>();
  for (const row of rows) {
    let place = key(row);
    while (map.has(place)) place += " again";
    map.set(place, value(row));
  }
  return map;
}

/** Safe: truthUsers and truthAssignments give these rows; db/testing/simulated-import reads the same over HTTP. */
const fullTruth = async (tenant: Tenant) =>
  ({
    ...(await truthOf(tenant)),
    users: [...truthUsers(tenant)],
    seats: [...truthAssignments(tenant)],
  }) as unknown as FullTruth & { readonly users: readonly TrueUser[] };

interface TrueUser {
  readonly userId: string;
  readonly evidence: { readonly signIns: string | null };
}

async function storedAccounts(db: Owner, { connectionId }: TestConnection): Promise<Rows> {
  const rows = await db.ownerSql<{ id: string; upn: string; enabled: boolean; deleted: boolean }[]>`
    select u.user_id as id, u.user_principal_name as upn, u.account_enabled as enabled, u.deleted
    from dataset_epochs e
    join snapshot_users u on u.workspace_id = e.workspace_id and u.snapshot_id = e.snapshot_id
    where e.connection_id = ${connectionId} and e.dataset = 'directory'`;
  return keyed(
    rows,
    (row) => row.id,
    ({ upn, enabled, deleted }) => ({ upn, enabled, deleted }),
  );
}

function trueAccounts(tenant: Tenant): Rows {
  const deleted = tenant.listedAndDeleted();
  return keyed(
    tenant.users(),
    (user) => user.id,
    (user) => ({
      upn: user.userPrincipalName,
      enabled: user.enabled,
      deleted: deleted.has(user.index),
    }),
  );
}

const seatRows = (seats: FullTruth["seats"]): Rows =>
  keyed(
    seats,
    (seat) => `${seat.userId} ${seat.skuId}`,
    (seat) => ({
      held: seat.held,
      origin: seat.origin,
      error: seat.error,
      // An assignment that failed gives no origin: its group and date are no part of it.
      groupIds: seat.held ? [...new Set(seat.groupIds)].toSorted() : [],
      since: seat.held ? seat.since : null,
    }),
  );

async function storedLicenses(db: Owner, connection: TestConnection, evidence: boolean) {
  const active = (await readLicenses(db, connection)).filter(({ status }) => status === "active");
  const evaluatedOn = (await readReconciliation(db, connection))?.evaluatedOn ?? "";
  const rows = keyed(
    active,
    (license) => license.skuId,
    (license) => ({
      type: license.type,
      units: [license.enabled, license.expiring, license.suspended, license.lockedOut],
      trial: license.trial,
      consumed: license.consumed,
      reported: license.reported,
      unexplained: license.difference?.unexplained ?? null,
      assigned: counts(license.assigned, ["direct", "group", "both", "unknown", "errors"]),
      blocked: license.blocked,
      guests: license.guests,
      activity: evidence ? counts(license.activity, activities) : null,
    }),
  );
  return { rows, evaluatedOn };
}

const activities = ["active", "inactive", "neverUsed", "tooNew", "unknown"] as const;

/** Counts in one order, whatever order they come in. */
const counts = <K extends string>(
  of: Readonly<Record<K, number>> | null,
  names: readonly K[],
): readonly number[] | null => of && names.map((name) => of[name]);

function trueLicenses(
  truth: FullTruth,
  evaluatedOn: string,
  { evidence }: { evidence: boolean },
): Rows {
  const wanted = truth.skus.filter((sku) => sku.listed || sku.holders > 0);
  const sources = { signIns: true, usage: true };
  return keyed(
    wanted,
    (sku) => sku.skuId,
    (sku) => {
      const company = sku.appliesTo === "Company";
      const perUser = <T>(value: T): T | null => (company ? null : value);
      return {
        type: company ? "tenant" : "named-user",
        units: [
          sku.units?.enabled ?? 0,
          sku.units?.warning ?? 0,
          sku.units?.suspended ?? 0,
          sku.units?.lockedOut ?? 0,
        ],
        trial: sku.trialUnits,
        consumed: perUser(sku.holders),
        reported: perUser(sku.listed ? sku.holders : null),
        unexplained: perUser(sku.listed ? 0 : null),
        assigned: perUser(counts(sku.assigned, ["direct", "group", "both", "unknown", "errors"])),
        blocked: perUser(sku.blocked),
        guests: perUser(sku.guests),
        activity: evidence
          ? perUser(counts(trueActivity(truth, sku.skuId, sources, evaluatedOn), activities))
          : null,
      };
    },
  );
}

async function storedSignIns(db: Owner, { connectionId }: TestConnection): Promise<Rows> {
  const rows = await db.ownerSql<{ id: string; evidence: string }[]>`
    select s.user_id as id, s.evidence_on::text as evidence
    from dataset_epochs e
    join snapshot_sign_ins s on s.workspace_id = e.workspace_id and s.snapshot_id = e.snapshot_id
    where e.connection_id = ${connectionId} and e.dataset = 'sign-ins' and s.evidence_on is not null`;
  return keyed(
    rows,
    (row) => row.id,
    (row) => row.evidence,
  );
}

const trueSignIns = (truth: { readonly users: readonly TrueUser[] }): Rows =>
  keyed(
    truth.users.filter((user) => user.evidence.signIns !== null),
    (user) => user.userId,
    (user) => user.evidence.signIns,
  );
