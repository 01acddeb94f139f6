import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { opportunitySorts } from "#db/queries/opportunities";
import { createTestConnection } from "#db/testing/import-fixtures";
import { writeDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { OpportunityItem } from "#lib/domain/opportunity-item";
import { assignmentRow, skuId, skuRow, userRow } from "#lib/import/testing/rows";
import type { Ctx } from "./context.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { setPrice } from "./set-price.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let analyst: Ctx;

const units = { enabled: 9, expiring: 0, suspended: 0, lockedOut: 0 };

/** Blocked accounts with up to three licenses, of which some are large-mailbox ones; units nobody holds of each. */
const content = (accounts: number) => ({
  skus: [1, 2, 3].map((sku) =>
    skuRow(sku, { prepaidUnits: { ...units, enabled: accounts + sku }, consumedUnits: accounts }),
  ),
  users: Array.from({ length: accounts }, (_, index) =>
    userRow(index + 1, {
      accountEnabled: index % 5 === 4,
      assignments: [1, 2, 3].filter((sku) => index % sku === 0).map((sku) => assignmentRow(sku)),
    }),
  ),
});

beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
  const store = createImportStore(db.worker);
  const connection = await createTestConnection(db);
  const { workspaceId } = connection;
  const other = await createTestConnection(db, { workspaceId });
  await store.publish(await writeDirectory({ db, store, connection }, content(23)));
  await store.publish(await writeDirectory({ db, store, connection: other }, content(8)));
  analyst = await createMember(db, web.platform, workspaceId, "analyst");
  const price = { amount: "7.50", currency: "EUR" };
  await setPrice(analyst, { skuId: skuId(1), price });
  await setPrice(analyst, { skuId: skuId(3), price });
  await db.ownerSql`
    update opportunity_groups set sinces = (
      select array_agg(case when no % 4 > 0 then date '2026-01-01' + no % 3 end order by place)
      from unnest(user_nos) with ordinality as seat (no, place))
    where user_nos is not null`;
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

type Query = Omit<Parameters<typeof listOpportunities>[1], "cursor">;

async function allPages(query: Query): Promise<readonly OpportunityItem[]> {
  const items: OpportunityItem[] = [];
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<typeof listOpportunities>> = await listOpportunities(analyst, {
      ...query,
      ...(cursor === null ? {} : { cursor }),
    });
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return items;
}

/** What an order compares, null for none. */
const keys = {
  value: ({ monthlyPrice, units }: OpportunityItem) =>
    monthlyPrice === null ? null : Number(monthlyPrice.amount) * units,
  since: ({ since }: OpportunityItem) => (since === null ? null : Date.parse(since)),
  product: ({ productName }: OpportunityItem) => productName,
} as const;

const compare = <T>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

const idOrder = ({ id }: OpportunityItem): string => {
  const [license = "", no = ""] = id.split(".");
  return license + no.padStart(10, "0");
};

const sorted = (
  items: readonly OpportunityItem[],
  key: (item: OpportunityItem) => string | number | null,
  descending: boolean,
) =>
  items.toSorted((a, b) => {
    const [one, two] = [key(a), key(b)];
    const way = descending ? -1 : 1;
    if (one === null || two === null) {
      if (one !== two) return one === null ? 1 : -1;
      return way * compare(idOrder(a), idOrder(b));
    }
    return way * (compare(one, two) || compare(idOrder(a), idOrder(b)));
  });

describe.each(opportunitySorts)("by %s", (name) => {
  it.each(["", "-"] as const)("in order %s, whatever a page holds", async (sign) => {
    const sort = `${sign}${name}` as const;
    const all = await allPages({ sort, limit: 100 });
    expect(all.length).toBeGreaterThan(40);
    expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
    const ids = all.map(({ id }) => id);
    expect(ids).toEqual(sorted(all, keys[name], sign === "-").map(({ id }) => id));
    for (const limit of [1, 2, 7]) {
      expect((await allPages({ sort, limit })).map(({ id }) => id)).toEqual(ids);
    }
  });

  it("of one license, and of one kind", async () => {
    const all = await allPages({ sort: name, limit: 100 });
    const licenseId = all[0]?.licenseId ?? "";
    for (const kind of ["blocked-account", "unassigned"] as const) {
      const ids = all.filter((item) => item.kind === kind).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(1);
      expect((await allPages({ sort: name, limit: 3, kind })).map(({ id }) => id)).toEqual(ids);
    }
    expect((await allPages({ sort: name, limit: 2, licenseId })).map(({ id }) => id)).toEqual(
      all.filter((item) => item.licenseId === licenseId).map(({ id }) => id),
    );
  });
});
