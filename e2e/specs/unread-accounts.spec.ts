import type { LicenseItem } from "#lib/domain/license-item";
import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { licensesOf } from "../licenses.ts";
import { ImportPage } from "../pages/import-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { simulator } from "../simulator.ts";

/** Reference/fault-catalogue.md B31, B21: what could not be read is dated and named, and what has no name says why. */

const lost = [{ kind: "missing-licenses", count: 1 }] as const;

test("an account without its licenses keeps what was last read; an unknown product says who can name it", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 60 });
  const api = await workspace.setUp();
  const before = await licensesOf(api, connectionId);
  await simulator.setFaults(tenant.id, [...lost, { kind: "unknown-sku", count: 2 }]);
  const { id, state } = await runImport(api, connectionId);
  expect(state).toBe("succeeded");
  const after = await licensesOf(api, connectionId);
  for (const [partNumber, license] of before) {
    expect(after.get(partNumber)?.available, partNumber).toBe(license.available);
  }

  const page = await workspace.pageOf("analyst");
  await new ImportPage(page).open(id);
  await expect(
    page.getByRole("heading", { name: "The licenses of 1 account could not be read" }),
  ).toBeVisible();
  await expect(page.getByRole("listitem").filter({ hasText: ", as read" })).toHaveCount(1);

  const license = new LicensePage(page);
  const counted = page.getByRole("heading", { name: "1 seat is counted as last read" });
  const held: LicenseItem[] = [];
  for (const item of after.values()) {
    const { unread } = await api.get<{ unread: { carried: number } }>(`/licenses/${item.id}`);
    if (unread.carried > 0) held.push(item);
  }
  expect(held.length).toBeGreaterThan(0);
  for (const item of held) {
    await license.open(item.id);
    await expect(counted).toBeVisible();
  }

  const known = new Set([...before.values()].map(({ skuId }) => skuId));
  const unknown = [...after.values()].find(({ skuId }) => !known.has(skuId));
  if (unknown === undefined) throw new Error("The unknown product is listed.");
  await license.open(unknown.id);
  await expect(page.getByText("seatledger products load")).toBeVisible();
  await page.goto("/licenses");
  await expect(page.getByText("Not in the product table loaded here")).toHaveCount(1);

  const viewer = await workspace.pageOf("viewer");
  await new ImportPage(viewer).open(id);
  await expect(
    viewer.getByRole("heading", { name: "The licenses of 1 account could not be read" }),
  ).toBeVisible();
  await expect(viewer.getByRole("listitem").filter({ hasText: ", as read" })).toHaveCount(0);
});

test("an account that was never read: what it may hold is not available, and the page says why", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 60 });
  const connectionId = await workspace.connect(tenant);
  await simulator.setFaults(tenant.id, [...lost]);
  const api = await workspace.setUp();
  const { state } = await runImport(api, connectionId);
  expect(state).toBe("succeeded");
  const licenses = [...(await licensesOf(api, connectionId)).values()];
  const [hidden] = licenses.filter(({ available, entitled }) => available === null && entitled);
  if (hidden === undefined) throw new Error("The account holds a license.");

  const page = await workspace.pageOf("analyst");
  await new LicensePage(page).open(hidden.id);
  await expect(
    page.getByRole("heading", { name: "How many seats are available is unknown" }),
  ).toBeVisible();
  await page.getByRole("link", { name: "Which accounts" }).click();
  await expect(page.getByRole("listitem").filter({ hasText: ", never read" })).toHaveCount(1);
});

test("an account missing from a list with rows nobody understood is not said to be deleted, and is read again", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant({ size: 60 });
  const api = await workspace.setUp();
  // Several: one alone may hold nothing.
  await simulator.setFaults(tenant.id, [
    { kind: "bad-rows", field: "id", count: 5, endpoint: "users" },
  ]);
  const { id } = await runImport(api, connectionId);
  const page = await workspace.pageOf("analyst");
  const unread = new ImportPage(page);
  await unread.open(id);
  await expect(unread.changes).toContainText("not counted because the account could not be read");
  const seats = await unread.changeRows.count();
  expect(seats).toBeGreaterThan(0);
  await expect(unread.changeRows.getByText("Account not read", { exact: true })).toHaveCount(seats);

  await simulator.setFaults(tenant.id, []);
  const again = await runImport(api, connectionId);
  await unread.open(again.id);
  await expect(unread.changeRows.getByText("Account read again", { exact: true })).toHaveCount(
    seats,
  );
  await expect(unread.changes).not.toContainText("gained");
});
