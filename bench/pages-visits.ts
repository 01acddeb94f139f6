import type { Ctx } from "../lib/services/context.ts";
import { sealCursor } from "../lib/services/cursor.ts";
import { getAccount } from "../lib/services/get-account.ts";
import { getConnection } from "../lib/services/get-connection.ts";
import { getHeldComparison } from "../lib/services/get-held-comparison.ts";
import { getImport } from "../lib/services/get-import.ts";
import { getLicense } from "../lib/services/get-license.ts";
import { getOpportunitySummary } from "../lib/services/get-opportunity-summary.ts";
import { getOverview } from "../lib/services/get-overview.ts";
import { listAssignments } from "../lib/services/list-assignments.ts";
import { listConnections } from "../lib/services/list-connections.ts";
import { listImportChanges } from "../lib/services/list-import-changes.ts";
import { listImports } from "../lib/services/list-imports.ts";
import { listLicenseChanges } from "../lib/services/list-license-changes.ts";
import { listLicenses } from "../lib/services/list-licenses.ts";
import { listOpportunities } from "../lib/services/list-opportunities.ts";

/** What the visits look at: the license with the most holders, and the account in the middle of its list by name. */
export interface Subject {
  readonly ctx: Ctx;
  readonly connectionId: string;
  readonly importId: string;
  readonly licenseId: string;
  readonly skuId: string;
  readonly middle: {
    readonly userNo: number;
    readonly userId: string;
    readonly displayName: string;
    readonly holders: number;
    readonly reconciliation: number;
  };
}

/** One question of a page. `ask` resolves with the rows of the answer. */
export interface Visit {
  readonly name: string;
  readonly ask: () => Promise<number>;
}

type Assignments = Omit<Parameters<typeof listAssignments>[1], "licenseId">;
type Opportunities = Parameters<typeof listOpportunities>[1];

/** Every question the console's pages ask that grows with the tenant. */
export function visitsOf(subject: Subject): readonly Visit[] {
  const { ctx, connectionId, importId, licenseId, skuId, middle } = subject;
  const rowsOf = async (page: Promise<{ readonly items: readonly unknown[] }>) =>
    (await page).items.length;
  const one = async (answer: Promise<unknown>) => {
    await answer;
    return 1;
  };
  const assignments = (name: string, query: Assignments): Visit => ({
    name: `assignments: ${name}`,
    ask: () => rowsOf(listAssignments(ctx, { licenseId, ...query })),
  });
  const opportunities = (name: string, query: Opportunities): Visit => ({
    name: `opportunities: ${name}`,
    ask: () => rowsOf(listOpportunities(ctx, query)),
  });
  /** A cursor that stands in the middle of the license's holders. */
  const deep = (sort: "name" | "-name" | "account", filters: Assignments = {}): Assignments => {
    const key = sort === "account" ? String(middle.userNo) : middle.displayName;
    const scope = { list: "assignments", sort, filters: { licenseId, ...filters } };
    const after = { key, id: String(middle.userNo) };
    const position = { reconciliations: [middle.reconciliation], sort, after };
    return { ...filters, sort, cursor: sealCursor(ctx, scope, position) };
  };
  return [
    { name: "overview", ask: () => one(getOverview(ctx)) },
    { name: "connections", ask: () => rowsOf(listConnections(ctx, {})) },
    { name: "connection", ask: () => one(getConnection(ctx, { connectionId })) },
    { name: "licenses", ask: () => rowsOf(listLicenses(ctx, {})) },
    { name: "licenses: text", ask: () => rowsOf(listLicenses(ctx, { search: "PART_1" })) },
    { name: "license", ask: () => one(getLicense(ctx, { licenseId })) },
    assignments("by name", { sort: "name" }),
    assignments("by name, descending", { sort: "-name" }),
    assignments("by account", { sort: "account" }),
    assignments("by name, from the middle", deep("name")),
    assignments("by name, descending from the middle", deep("-name")),
    assignments("by account, from the middle", deep("account")),
    assignments("active", { activity: "active" }),
    assignments("inactive", { activity: "inactive" }),
    assignments("never used", { activity: "neverUsed" }),
    assignments("unknown activity", { activity: "unknown" }),
    assignments("inactive, from the middle", deep("name", { activity: "inactive" })),
    assignments("inactive, by account", { activity: "inactive", sort: "account" }),
    assignments("blocked", { blocked: true }),
    assignments("guests", { guest: true }),
    assignments("direct", { origin: "direct" }),
    assignments("in error", { error: true }),
    assignments("text, one account", { search: `family${middle.userNo}@` }),
    assignments("text, many accounts", { search: "Given12" }),
    assignments("text, nobody", { search: "zzyzx" }),
    assignments("text, two letters", { search: "qx" }),
    assignments("text and inactive", { search: "Given12", activity: "inactive" }),
    {
      name: "license: opportunities",
      ask: () => rowsOf(listOpportunities(ctx, { licenseId })),
    },
    { name: "license: changes", ask: () => rowsOf(listLicenseChanges(ctx, { licenseId })) },
    { name: "account", ask: () => one(getAccount(ctx, { connectionId, userId: middle.userId })) },
    { name: "opportunities: summary", ask: () => one(getOpportunitySummary(ctx, {})) },
    opportunities("dearest", {}),
    opportunities("cheapest", { sort: "value" }),
    opportunities("oldest", { sort: "since" }),
    opportunities("by product", { sort: "product" }),
    opportunities("inactive", { kind: "inactive" }),
    opportunities("low confidence", { confidence: "low" }),
    {
      name: "opportunities: tenth page",
      ask: async () => {
        let cursor: string | undefined;
        let rows = 0;
        for (let page = 0; page < 10; page += 1) {
          const { items, nextCursor } = await listOpportunities(ctx, {
            ...(cursor === undefined ? {} : { cursor }),
          });
          rows = items.length;
          if (nextCursor === null) break;
          cursor = nextCursor;
        }
        return rows;
      },
    },
    { name: "imports", ask: () => rowsOf(listImports(ctx, { connectionId })) },
    { name: "import", ask: () => one(getImport(ctx, { importId })) },
    { name: "import: held comparison", ask: () => one(getHeldComparison(ctx, { importId })) },
    { name: "what changed", ask: () => rowsOf(listImportChanges(ctx, { importId })) },
    {
      name: "what changed: a kind and a license",
      ask: () => rowsOf(listImportChanges(ctx, { importId, kind: "seat-gained", skuId })),
    },
  ];
}
