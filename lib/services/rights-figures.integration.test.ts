import { randomUUID } from "node:crypto";
import { expect, it } from "vitest";
import { userId } from "#lib/import/testing/rows";
import { getAccount } from "./get-account.ts";
import { getLicense } from "./get-license.ts";
import { getOpportunitySummary } from "./get-opportunity-summary.ts";
import { getOverview } from "./get-overview.ts";
import { getWorkspace } from "./get-workspace.ts";
import { listAssignments } from "./list-assignments.ts";
import { listAuditEvents } from "./list-audit-events.ts";
import { listConnections } from "./list-connections.ts";
import { listLicenseChanges } from "./list-license-changes.ts";
import { listLicenses } from "./list-licenses.ts";
import { listMembers } from "./list-members.ts";
import { listOpportunities } from "./list-opportunities.ts";
import { listPrices } from "./list-prices.ts";
import { listProducts } from "./list-products.ts";
import { listSubscriptions } from "./list-subscriptions.ts";
import { setPrice } from "./set-price.ts";
import { analysts, auditors, describeRights, everybody, seers } from "./testing/rights.ts";

/** Who may do what with licenses, people, opportunities, prices and members. Source: DESIGN §2. */
const { ctxOf, foreign } = describeRights([
  { name: "getWorkspace", allowed: everybody, names: null, call: (ctx) => getWorkspace(ctx) },
  { name: "getOverview", allowed: everybody, names: null, call: (ctx) => getOverview(ctx) },
  {
    name: "listLicenses",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listLicenses(ctx, { connectionId }),
  },
  {
    name: "getLicense",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => getLicense(ctx, { licenseId }),
  },
  {
    name: "listAssignments",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listAssignments(ctx, { licenseId }),
  },
  {
    name: "listSubscriptions",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listSubscriptions(ctx, { licenseId }),
  },
  {
    name: "listLicenseChanges",
    allowed: everybody,
    names: "licenseId",
    call: (ctx, { licenseId }) => listLicenseChanges(ctx, { licenseId }),
  },
  {
    name: "getAccount",
    allowed: seers,
    names: "connectionId",
    call: (ctx, { connectionId }) => getAccount(ctx, { connectionId, userId: userId(1) }),
  },
  {
    name: "listOpportunities",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listOpportunities(ctx, { connectionId }),
  },
  {
    name: "getOpportunitySummary",
    allowed: everybody,
    names: null,
    call: (ctx) => getOpportunitySummary(ctx, {}),
  },
  { name: "listProducts", allowed: everybody, names: null, call: (ctx) => listProducts(ctx) },
  { name: "listPrices", allowed: everybody, names: null, call: (ctx) => listPrices(ctx) },
  { name: "listMembers", allowed: seers, names: null, call: (ctx) => listMembers(ctx) },
  { name: "listAuditEvents", allowed: auditors, names: null, call: (ctx) => listAuditEvents(ctx) },
  {
    name: "setPrice",
    allowed: analysts,
    names: null,
    call: (ctx) => setPrice(ctx, { skuId: randomUUID(), price: { amount: "1", currency: "EUR" } }),
  },
]);

it("shows and counts nothing of another workspace", async () => {
  const owner = ctxOf("owner");
  const { items } = await listConnections(owner, { limit: 100, disconnected: true });
  expect(items.map((item) => item.id)).not.toContain(foreign().connectionId);
  const licenses = await listLicenses(owner, { limit: 100 });
  expect(licenses.items.map((item) => item.id)).not.toContain(foreign().licenseId);
});
