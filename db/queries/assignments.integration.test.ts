import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { activities } from "#lib/domain/license";
import { addDays } from "#lib/domain/utc-day";
import { assignmentRow, skuRow, userId, userRow } from "#lib/import/testing/rows";
import { createTestConnection } from "../testing/import-fixtures.ts";
import { publishDirectory, publishSignIns } from "../testing/published-snapshots.ts";
import { createTestDatabase, type TestDatabase } from "../testing/test-database.ts";
import { findReconciledEvidence } from "./activity-sql.ts";
import type { AssignmentShape } from "./assignment-shape.ts";
import { type AssignmentQuery, type AssignmentRow, listAssignmentRows } from "./assignments.ts";
import { createImportStore } from "./import-store.ts";
import type { After } from "./keyset.ts";

let db: TestDatabase;
let subject: Pick<AssignmentQuery, "workspaceId" | "snapshotId" | "skuNo" | "evidence">;

const today = new Date().toISOString().slice(0, 10);
/** Letters that languages order differently than their codes, names that are equal, and names that are missing. */
const names = ["Émile", "Zoë", "emil", "Ångström", "Zoë", null, "李", "%_\\", "O'Neil", null];

beforeAll(async () => {
  db = await createTestDatabase();
  const connection = await createTestConnection(db);
  const { workspaceId, connectionId } = connection;
  const arranged = { db, store: createImportStore(db.worker), connection };
  const numbers = Array.from({ length: 60 }, (_, index) => index + 1);
  await publishSignIns(
    arranged,
    numbers
      .filter((n) => n % 7 !== 0)
      .map((n) => ({
        userId: userId(n),
        lastSuccessfulAt: n % 3 === 0 ? null : `${addDays(today, -4 * n)}T08:00:00Z`,
        lastInteractiveAt: null,
        lastNonInteractiveAt: null,
      })),
  );
  await publishDirectory(arranged, {
    skus: [skuRow(1, {}), skuRow(2, {})],
    users: numbers.map((n) =>
      userRow(n, {
        displayName: names[n % names.length] ?? null,
        userPrincipalName: n % 20 === 9 ? null : `person${n}@contoso.example`,
        accountEnabled: n % 6 !== 0,
        userType: n % 9 === 0 ? "Guest" : "Member",
        assignments: [
          ...(n % 4 === 0
            ? []
            : [
                assignmentRow(1, {
                  direct: n % 2 === 0,
                  inError: n % 11 === 0,
                  holds: n % 13 !== 0,
                }),
              ]),
          assignmentRow(2, {}),
        ],
      }),
    ),
  });
  const [found] = await db.ownerSql<{ reconciliation: number; snapshot: number; sku: number }[]>`
    select c.reconciliation_id as reconciliation, r.directory_snapshot_id::int as snapshot, n.no as sku
    from connections c join reconciliations r on r.workspace_id = c.workspace_id and r.id = c.reconciliation_id
    join sku_numbers n on n.workspace_id = c.workspace_id and n.sku_id = ${skuRow(1, {}).skuId}
    where c.id = ${connectionId}`;
  if (found === undefined) throw new Error("the directory is published");
  const reconciliationId = found.reconciliation;
  const evidence = await db.web.inWorkspace(workspaceId, (tx) =>
    findReconciledEvidence(tx, { workspaceId, reconciliationId }),
  );
  if (evidence === undefined) throw new Error("the reconciliation is there");
  subject = { workspaceId, snapshotId: found.snapshot, skuNo: found.sku, evidence };
}, 120_000);
afterAll(() => db?.close());

type Asked = Pick<AssignmentQuery, "filter" | "sort" | "descending">;

/** All pages of seven rows. */
async function pages(asked: Asked, shape: AssignmentShape): Promise<readonly AssignmentRow[]> {
  const rows: AssignmentRow[] = [];
  let after: After | null = null;
  for (;;) {
    const query: AssignmentQuery = { ...subject, ...asked, shape, after, limit: 7 };
    const page = await db.web.inWorkspace(subject.workspaceId, (tx) =>
      listAssignmentRows(tx, query),
    );
    rows.push(...page);
    after = page.at(-1)?.after ?? null;
    if (page.length < 7 || after === null) return rows;
  }
}

const filters: readonly AssignmentQuery["filter"][] = [
  {},
  ...activities.map((activity) => ({ activity })),
  { blocked: true },
  { guest: false },
  { origin: "direct" },
  { error: true },
  { search: "ZO" },
  { search: "%_\\" },
  { search: "person1", activity: "inactive", blocked: false },
];

describe.each(["name", "account"] as const)("a list by %s", (sort) => {
  it.each([false, true])(
    "has the same pages in whatever way it is read, descending %s",
    async (descending) => {
      const shapes: readonly AssignmentShape[] =
        sort === "name" ? ["by-name", "accounts"] : ["by-account"];
      for (const filter of filters) {
        const asked = { filter, sort, descending };
        const expected = await pages(asked, "holders");
        for (const shape of shapes) expect(await pages(asked, shape), shape).toEqual(expected);
      }
      const whole = await pages({ filter: {}, sort, descending }, "holders");
      expect(new Set(whole.map(({ userNo }) => userNo)).size).toBe(whole.length);
      const classes = await Promise.all(
        activities.map((activity) => pages({ filter: { activity }, sort, descending }, "holders")),
      );
      expect(classes.flat().length).toBe(whole.length);
      expect(classes.filter((rows) => rows.length > 0).length).toBeGreaterThan(2);
    },
  );
});

it("orders people by what they are called, as people do", async () => {
  const rows = await pages({ filter: {}, sort: "name", descending: false }, "by-name");
  const shown = rows.map((row) => row.displayName ?? row.userPrincipalName ?? "");
  const collator = new Intl.Collator("und");
  expect(shown).toEqual(shown.toSorted(collator.compare));
  expect(shown.some((name) => name === "")).toBe(true);
});
