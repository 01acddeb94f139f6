import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import {
  activityBasis,
  activityCutoffs,
  classifyActivity,
  signInEvidence,
  usableSource,
} from "#lib/domain/activity";
import { deviceSkus, isDeviceAccount } from "#lib/domain/device-skus";
import { bringsMailbox, mailboxPlanIds } from "#lib/domain/exchange-plans";
import { evidenceReports, type UsageReport } from "#lib/domain/import";
import type { ActivityCounts, AssignedCounts } from "#lib/domain/license";
import { classifyOpportunity, sharedMailboxLimitBytes } from "#lib/domain/opportunity";
import { known, unknown } from "#lib/domain/quantity";
import { addDays, latestDay, toUtcDay } from "#lib/domain/utc-day";
import type { AssignmentRow, SignInRow, UsageRow, UserRow } from "#lib/import/ports";
import { assignmentRow, guid, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { createWorkspace } from "../testing/factories.ts";
import { createTestConnection } from "../testing/import-fixtures.ts";
import { publishDirectory, publishSignIns, publishUsage } from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { createImportStore } from "./import-store.ts";

let db: TestDatabase;
let workspaceId: string;
beforeAll(async () => {
  db = await createTestDatabase();
  ({ workspaceId } = await createWorkspace(db));
});
afterAll(() => db?.close());

const today = new Date().toISOString().slice(0, 10);
const day = (ago: number): string => addDays(today, -ago);
const [mailboxPlan, secondMailboxPlan] = mailboxPlanIds;
const otherPlan = guid(7, 1);
const deviceSku = deviceSkus[0]?.skuId ?? "";

/** Plain, with a mailbox, with two mailbox plans, a room's. */
const skus = [
  skuRow(1, { servicePlanIds: [otherPlan], prepaidUnits: units(100) }),
  skuRow(2, { servicePlanIds: [otherPlan, mailboxPlan ?? ""], prepaidUnits: units(100) }),
  skuRow(3, {
    servicePlanIds: [mailboxPlan ?? "", secondMailboxPlan ?? ""],
    prepaidUnits: units(9),
  }),
  { ...skuRow(4, { prepaidUnits: units(5) }), skuId: deviceSku },
];
function units(enabled: number) {
  return { enabled, expiring: 0, suspended: 0, lockedOut: 0 };
}

/** Days at and around every edge of the rules. */
const daysAgo = fc.constantFrom(0, 1, 5, 28, 29, 30, 31, 60, 89, 90, 91, 200, 1200);
const instant = daysAgo.chain((ago) =>
  fc.constantFrom("00:00:00", "23:59:59.999").map((time) => `${day(ago)}T${time}Z`),
);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null, freq: 3 });

const assignment = (sku: (typeof skus)[number]): fc.Arbitrary<AssignmentRow | null> =>
  maybe(
    fc.record({
      holds: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, fc.boolean()),
      direct: fc.boolean(),
      groupIds: fc.subarray([guid(3, 1), guid(3, 2)]),
      inError: fc.boolean(),
      assignedAt: maybe(instant),
      disabledPlanIds: fc.subarray([otherPlan, mailboxPlan ?? "", secondMailboxPlan ?? ""]),
    }),
  ).map((given) => (given ? { ...assignmentRow(1, given), skuId: sku.skuId } : null));

interface Account {
  readonly user: UserRow;
  readonly deleted: boolean;
  readonly excluded: boolean;
  /** Its row tells no licenses the second time. */
  readonly unread: boolean;
  readonly signIn: SignInRow | null;
  readonly uses: Partial<Record<UsageReport, UsageRow>>;
}

const usedReports = ["active-users", "teams", "copilot", "activations", "mailbox"] as const;

const account = (index: number): fc.Arbitrary<Account> =>
  fc
    .record({
      accountEnabled: fc.constantFrom(true, true, false, null),
      userType: fc.constantFrom("Member", "Guest", null),
      createdAt: maybe(instant),
      named: fc.oneof({ weight: 8, arbitrary: fc.constant(true) }, fc.constant(false)),
      assignments: fc.tuple(...skus.map(assignment)),
      deleted: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
      excluded: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
      unread: fc.oneof({ weight: 8, arbitrary: fc.constant(false) }, fc.constant(true)),
      signIn: maybe(
        fc.record({
          lastSuccessfulAt: maybe(instant),
          lastInteractiveAt: maybe(instant),
          lastNonInteractiveAt: maybe(instant),
        }),
      ),
      uses: fc.record(
        Object.fromEntries(
          usedReports.map((report) => [
            report,
            fc.record({
              lastActivityOn: maybe(daysAgo.map(day)),
              storageBytes: maybe(
                fc.constantFrom(0, sharedMailboxLimitBytes, sharedMailboxLimitBytes + 1),
              ),
              hasArchive: fc.constantFrom(true, false, null),
            }),
          ]),
        ),
        { requiredKeys: [] },
      ),
    })
    .map(({ assignments, named, deleted, excluded, unread, signIn, uses, ...user }) => {
      const upn = `User${index}@Contoso.example`;
      return {
        user: userRow(index, {
          ...user,
          userPrincipalName: named ? upn : null,
          assignments: assignments.filter((row) => row !== null),
        }),
        deleted,
        excluded,
        unread,
        signIn: signIn && { userId: userId(index), ...signIn },
        uses: Object.fromEntries(
          Object.entries(uses).map(([report, row]) => [
            report,
            { ...row, userPrincipalName: index % 2 === 0 ? upn.toUpperCase() : upn },
          ]),
        ),
      };
    });

/** `replaced`: what was there before the directory told otherwise. What accounts note of it must not count then. */
const told = fc.constantFrom("before-directory", "after-directory", "replaced");

const scenario = fc.record({
  signInsTold: told,
  usageTold: told,
  accounts: fc
    .integer({ min: 1, max: 12 })
    .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => account(index + 1)))),
  signIns: fc.boolean(),
  usage: fc.option(
    fc.record({
      refreshedDaysAgo: fc.constantFrom(2, 10, 11),
      concealed: fc.constantFrom("none", "none", "setting", "teams", "active-users"),
      missing: fc.constantFrom(null, "mailbox" as const, "teams" as const),
    }),
    { nil: null },
  ),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

/** What lib/domain says of a scenario, account by account: the truth the SQL must reproduce. */
function expected({ accounts, signIns, usage }: Scenario) {
  const evaluatedOn = today;
  const concealed = (report: UsageReport) =>
    usage?.concealed === "setting" || usage?.concealed === report;
  const sourceOf = (report: "active-users" | "mailbox") =>
    usableSource(
      usage === null || usage.missing === report
        ? { snapshot: null, unavailable: null }
        : {
            snapshot: { asOf: day(usage.refreshedDaysAgo), concealed: concealed(report) },
            unavailable: null,
          },
      evaluatedOn,
    );
  const signInsSource = usableSource(
    { snapshot: signIns ? { asOf: today, concealed: false } : null, unavailable: null },
    evaluatedOn,
  );
  const usageSource = sourceOf("active-users");
  const mailboxSource = sourceOf("mailbox");
  const basis = activityBasis(signInsSource, usageSource);
  const cutoffs = activityCutoffs({ evaluatedOn, windowDays: 90, graceDays: 30 });

  const evidenceOf = (given: Account): string | null => {
    const reports = evidenceReports.filter(
      (report) => usageSource.kind === "known" && report !== usage?.missing && !concealed(report),
    );
    const named = given.user.userPrincipalName !== null;
    return latestDay([
      signInsSource.kind === "known" && given.signIn
        ? signInEvidence({
            lastSuccessfulAt: toUtcDay(given.signIn.lastSuccessfulAt),
            lastInteractiveAt: toUtcDay(given.signIn.lastInteractiveAt),
            lastNonInteractiveAt: toUtcDay(given.signIn.lastNonInteractiveAt),
          })
        : null,
      ...reports.map((report) => (named ? (given.uses[report]?.lastActivityOn ?? null) : null)),
    ]);
  };

  return skus.map((sku) => {
    const assigned = { direct: 0, group: 0, both: 0, unknown: 0, errors: 0 };
    const activity = { active: 0, inactive: 0, neverUsed: 0, tooNew: 0, unknown: 0 };
    const found: unknown[] = [];
    const leftOut: Record<string, number> = {};
    let [consumed, blocked, guests] = [0, 0, 0];
    for (const given of accounts) {
      const row = given.user.assignments.find((candidate) => candidate.skuId === sku.skuId);
      if (given.deleted || row === undefined) continue;
      if (row.inError) assigned.errors += 1;
      if (!row.holds) continue;
      consumed += 1;
      const byGroup = row.groupIds.length > 0;
      assigned[row.direct ? (byGroup ? "both" : "direct") : byGroup ? "group" : "unknown"] += 1;
      if (given.user.accountEnabled === false) blocked += 1;
      if (given.user.userType === "Guest") guests += 1;
      const evidenceOn = evidenceOf(given);
      const createdOn = toUtcDay(given.user.createdAt);
      const classified = classifyActivity({
        evidence: evidenceOn,
        createdOn,
        assignedOn: toUtcDay(row.assignedAt),
        signInsCover: signInsSource.kind === "known" && given.signIn !== null,
        cutoffs,
      });
      activity[classified] += 1;
      const box = given.user.userPrincipalName === null ? undefined : given.uses.mailbox;
      const finding = classifyOpportunity({
        blocked: given.user.accountEnabled === false,
        activity: basis.kind === "known" ? known(classified) : basis,
        basis,
        evidenceOn,
        createdOn,
        deviceAccount: isDeviceAccount(
          given.user.assignments.filter((held) => held.holds).map((held) => held.skuId),
        ),
        excluded: given.excluded,
        asReadBefore: given.unread,
        bringsMailbox: bringsMailbox(sku.servicePlanIds, row.disabledPlanIds),
        mailbox:
          mailboxSource.kind === "known" && box !== undefined
            ? known(box)
            : unknown("not-imported"),
      });
      if (finding.found === "left-out") leftOut[finding.why] = (leftOut[finding.why] ?? 0) + 1;
      if (finding.found === "opportunity") {
        const { kind, confidence, since, caution } = finding;
        const direct = row.direct && !byGroup;
        found.push({ userId: given.user.userId, kind, confidence, since, caution, direct });
      }
    }
    return {
      skuId: sku.skuId,
      consumed,
      assigned,
      activity: basis.kind === "known" ? activity : null,
      reason: basis.kind === "known" ? null : basis.reason,
      blocked,
      guests,
      leftOut,
      opportunities: found,
    };
  });
}

/** Inserts the scenario through the store and reads what SQL made of it. */
async function reconciled(given: Scenario) {
  const { accounts } = given;
  const connection = await createTestConnection(db, { workspaceId });
  const arranged = { db, store: createImportStore(db.worker), connection };
  for (const { user } of accounts.filter((candidate) => candidate.excluded)) {
    await db.ownerSql`
      insert into exclusions (workspace_id, tenant_id, user_id, reason, created_by)
      values (${workspaceId}, ${connection.tenantId}, ${user.userId}, 'test', 'test')`;
  }
  const unread = accounts.filter((candidate) => candidate.unread);
  if (unread.length > 0) {
    await publishDirectory(arranged, { skus, users: accounts.map(({ user }) => user) });
  }
  if (given.signInsTold === "before-directory") await tellSignIns(arranged, given);
  if (given.signInsTold === "replaced") await tellSignIns(arranged, inOthersPlaces(given));
  if (given.usageTold === "before-directory") await tellUsage(arranged, given);
  if (given.usageTold === "replaced") await tellUsage(arranged, inOthersPlaces(given));
  await publishDirectory(arranged, {
    skus,
    users: accounts.filter((candidate) => !candidate.unread).map(({ user }) => user),
    unreadUserIds: unread.map(({ user }) => user.userId),
    deletedUsers: accounts
      .filter((candidate) => candidate.deleted)
      .map(({ user }) => ({
        userId: user.userId,
        userPrincipalName: null,
        displayName: null,
        deletedAt: null,
        skuIds: [],
      })),
  });
  if (given.signInsTold !== "before-directory") await tellSignIns(arranged, given);
  if (given.usageTold !== "before-directory") await tellUsage(arranged, given);
  return readPositions(connection.connectionId);
}

/** Everybody has the sign-ins and the usage of the next account. */
const inOthersPlaces = (given: Scenario): Scenario => ({
  ...given,
  accounts: given.accounts.map((account, index) => {
    const next = given.accounts[(index + 1) % given.accounts.length] ?? account;
    const userPrincipalName = `User${index + 1}@Contoso.example`;
    return {
      ...account,
      signIn: next.signIn && { ...next.signIn, userId: account.user.userId },
      uses: Object.fromEntries(
        Object.entries(next.uses).map(([report, row]) => [report, { ...row, userPrincipalName }]),
      ),
    };
  }),
});

type Arranged = Parameters<typeof publishSignIns>[0];

async function tellSignIns(arranged: Arranged, { accounts, signIns }: Scenario): Promise<void> {
  if (!signIns) return;
  await publishSignIns(
    arranged,
    accounts.flatMap(({ signIn }) => (signIn ? [signIn] : [])),
  );
}

async function tellUsage(arranged: Arranged, { accounts, usage }: Scenario): Promise<void> {
  if (usage === null) return;
  const refreshedOn = day(usage.refreshedDaysAgo);
  const reports = usedReports.filter((report) => report !== usage.missing);
  await publishUsage(
    arranged,
    Object.fromEntries(
      reports.map((report) => [
        report,
        {
          rows: accounts.flatMap(({ uses }) => uses[report] ?? []),
          refreshedOn,
          concealed: usage.concealed === report,
        },
      ]),
    ),
    usage.concealed === "setting",
  );
}

interface PositionRow {
  readonly skuId: string;
  readonly consumed: number;
  readonly assigned: AssignedCounts;
  readonly activity: ActivityCounts | null;
  readonly reason: string | null;
  readonly blocked: number;
  readonly guests: number;
  readonly leftOut: Readonly<Record<string, number>>;
  readonly opportunities: readonly { readonly userId: string }[];
  readonly idle: number;
  readonly low: number;
  readonly directIdle: number;
}

const readPositions = (connectionId: string) => db.ownerSql<PositionRow[]>`
  select l.sku_id as "skuId", p.consumed, p.assigned, p.activity,
    p.unavailable ->> 'activity' as reason, p.blocked, p.guests, p.left_out as "leftOut",
    p.idle_units as idle, p.low_confidence_units as low, p.direct_idle_units as "directIdle",
    coalesce((
      select jsonb_agg(jsonb_build_object('userId', u.user_id, 'kind', o.kind,
        'confidence', o.confidence, 'since', o.since, 'caution', o.caution, 'direct', o.direct)
        order by u.user_id)
      from opportunities o
      join snapshot_users u on u.workspace_id = o.workspace_id
        and u.snapshot_id = r.directory_snapshot_id and u.user_no = o.user_no
      where o.workspace_id = p.workspace_id and o.reconciliation_id = p.reconciliation_id
        and o.license_id = p.license_id), '[]') as opportunities
  from connections c
  join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
  join license_positions p on p.workspace_id = r.workspace_id and p.reconciliation_id = r.id
  join licenses l on l.workspace_id = p.workspace_id and l.id = p.license_id
  where c.id = ${connectionId}`;

it("SQL counts and classifies every assignment as lib/domain does", async () => {
  await fc.assert(
    fc.asyncProperty(scenario, async (given) => {
      const wanted = expected(given).map((license) => ({
        ...license,
        opportunities: license.opportunities as Record<string, unknown>[],
      }));
      const found = await reconciled(given);
      expect(
        found
          .map(({ idle: _, low: _low, directIdle: _direct, ...rest }) => rest)
          .sort((a, b) => a.skuId.localeCompare(b.skuId)),
      ).toEqual(wanted.sort((a, b) => a.skuId.localeCompare(b.skuId)));
      for (const license of found) {
        const of = wanted.find((candidate) => candidate.skuId === license.skuId)?.opportunities;
        const idle = of?.filter(({ confidence }) => confidence !== "low") ?? [];
        expect([license.idle, license.low, license.directIdle]).toEqual([
          idle.length,
          (of?.length ?? 0) - idle.length,
          idle.filter(({ direct }) => direct).length,
        ]);
      }
    }),
    { numRuns: 60 },
  );
}, 120_000);
