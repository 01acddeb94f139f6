import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { ManagedAppPage } from "../pages/managed-app-page.ts";
import { enterOrganisation, firstApplication, organisationOf } from "../saas.ts";
import type { TestWorkspace } from "../workspace.ts";

interface MappingAnswer {
  readonly licenses: readonly { readonly externalId: string; readonly name: string | null }[];
}

interface LicenseAnswer {
  readonly id: string;
  readonly skuId: string | null;
  readonly partNumber: string | null;
  readonly type: string;
  readonly consumed: number | null;
  readonly assigned: unknown;
}

const ownIds = { kind: "licenses", shape: "own-ids" } as const;

/** A tenant imported by Microsoft 365, with an application connected and not imported yet. */
async function connected(workspace: TestWorkspace) {
  const { tenant, connectionId: microsoftId } = await workspace.connectedTenant();
  const api = await workspace.setUp();
  const organisation = await organisationOf([tenant]);
  const { id: connectionId } = await api.post<{ id: string }>("/connections", {
    name: "By contract",
    source: "saas-management",
    tenantId: tenant.id,
    organisationId: await enterOrganisation(workspace, organisation),
    managedAppId: String(firstApplication),
  });
  return { api, connectionId, microsoftId, organisation };
}

/** The same, imported with license ids that say nothing of a SKU. */
async function unmapped(workspace: TestWorkspace) {
  const { api, connectionId, organisation } = await connected(workspace);
  await organisation.change({ faults: [ownIds] });
  expect((await runImport(api, connectionId)).state).toBe("succeeded");
  return { api, connectionId };
}

test("a license is given its product by hand and stands for it from the next import on", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { api, connectionId } = await unmapped(workspace);
  const before = await api.get<MappingAnswer>(`/connections/${connectionId}/mapping`);
  const [license] = before.licenses;
  if (license === undefined) throw new Error("The application lists licenses.");
  const name = license.name ?? license.externalId;
  const page = await workspace.pageOf("connection-admin");
  const mapping = new ManagedAppPage(page);
  await mapping.open(connectionId);
  await expect(mapping.license(license.externalId)).toContainText("Not known");
  const product = await mapping.chooseHeldProduct(name);
  await expect(mapping.license(license.externalId)).toContainText(
    `From the next import on: ${product}.`,
  );
  expect((await runImport(api, connectionId)).state).toBe("succeeded");
  await mapping.open(connectionId);
  await expect(mapping.license(license.externalId)).toContainText(product);
  await expect(mapping.license(license.externalId)).not.toContainText("Not known");
  await expect(mapping.license(license.externalId)).not.toContainText("From the next import on");
});

test("the one license of an application stands for the one SKU its users hold; a loss of that is held and named", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const { api, connectionId, microsoftId, organisation } = await connected(workspace);
  const licensesOf = async (id: string) =>
    (await api.get<{ items: readonly LicenseAnswer[] }>(`/licenses?connectionId=${id}`)).items;
  const [held] = (await licensesOf(microsoftId))
    .filter(({ type, partNumber }) => type === "named-user" && partNumber !== null)
    .toSorted((a, b) => (b.consumed ?? 0) - (a.consumed ?? 0));
  const only = [held?.partNumber ?? ""];
  await organisation.change({ below: only, faults: [{ ...ownIds, only }] });
  expect((await runImport(api, connectionId)).state).toBe("succeeded");
  const page = await workspace.pageOf("owner");
  const mapping = new ManagedAppPage(page);
  await mapping.open(connectionId);
  await expect(page.getByRole("main").getByText(/^Nothing is left to decide/)).toBeVisible();
  const row = mapping.license(/5001\//);
  await expect(row).toContainText("From the users’ SKUs");
  await expect(row.getByRole("button", { name: /^Change the product of/ })).toBeVisible();

  const linked = (await licensesOf(connectionId)).find(({ skuId }) => skuId === held?.skuId);
  expect(linked).toMatchObject({ assigned: null });
  await page.goto(`/licenses/${linked?.id}`);
  const terms = page.getByRole("region", { name: "Terms" });
  await expect(terms).toContainText("From the users’ SKUs");
  await expect(page.getByRole("main")).not.toContainText("not read yet");

  await organisation.change({
    below: only,
    faults: [
      { ...ownIds, only },
      { kind: "users", shape: "one-more-sku" },
    ],
  });
  const lost = await runImport(api, connectionId);
  expect(lost.state).toBe("suspect");
  await page.goto(`/imports/${lost.id}`);
  for (const reason of [/^Licenses stand for another product/, /: .+ until now, not known/]) {
    await expect(page.getByRole("listitem").filter({ hasText: reason })).toBeVisible();
  }
  const byLicense = page.getByRole("table", { name: "Before and after by license" });
  await expect(byLicense).toBeVisible();
  await expect(byLicense).not.toContainText("Unknown product");
  await mapping.open(connectionId);
  await expect(row).toContainText("From the users’ SKUs");
});

test("a license that stands for no product shows its own changes, and says why none of seats is told", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { api, connectionId } = await unmapped(workspace);
  const { items } = await api.get<{ items: readonly LicenseAnswer[] }>(
    `/licenses?connectionId=${connectionId}`,
  );
  const license = items.find(({ skuId }) => skuId === null);
  const page = await workspace.pageOf("owner");
  await page.goto(`/licenses/${license?.id}?tab=changes`);
  await expect(page.getByText(/no change of anybody’s seats can be told of it/)).toBeVisible();
  await expect(page.getByRole("table", { name: "Changes" }).getByRole("row")).toHaveCount(2);
  await page.getByRole("link", { name: "Choose its product" }).click();
  await expect(page).toHaveURL(new RegExp(`/connections/${connectionId}/mapping$`));
  await expect(page.getByRole("row", { name: /Possible: / }).first()).toBeVisible();
});

test("what SaaS Management leaves out or says twice is named where it matters", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { api, connectionId, organisation } = await connected(workspace);
  await organisation.change({
    faults: [
      { kind: "terms", shape: "without-units" },
      { kind: "twice", differing: false },
    ],
  });
  const { id: importId } = await runImport(api, connectionId);
  const page = await workspace.pageOf("owner");
  await page.goto(`/imports/${importId}`);
  await expect(page.getByText(/^A term has no number of items \(# of items\)/)).toBeVisible();
  await expect(page.getByText(/lists the application twice, alike both times/)).toBeVisible();
  const { items } = await api.get<{ items: readonly (LicenseAnswer & { entitled: null })[] }>(
    `/licenses?connectionId=${connectionId}`,
  );
  const license = items.find(({ type, skuId }) => type === "named-user" && skuId !== null);
  expect(license?.entitled).toBeNull();
  await page.goto(`/licenses/${license?.id}`);
  await expect(page.getByRole("region", { name: "Terms" })).toContainText(
    "A term in force has no number of items (# of items) in SaaS Management, so what people may use is unknown.",
  );
  const mapping = new ManagedAppPage(page);
  await mapping.open(connectionId);
  await expect(
    page.getByRole("img", { name: /^Unknown\. A term in force has no/ }).first(),
  ).toBeVisible();
});

test("who may not manage connections looks and maps nothing; another workspace sees nothing", async ({
  workspace,
  otherWorkspace,
}) => {
  test.setTimeout(180_000);
  const { connectionId } = await unmapped(workspace);
  const analyst = await workspace.pageOf("analyst");
  const mapping = new ManagedAppPage(analyst);
  await mapping.open(connectionId);
  await expect(analyst.getByRole("table", { name: "Licenses of the application" })).toBeVisible();
  await expect(analyst.getByRole("button", { name: /product of/ })).toHaveCount(0);
  const stranger = await otherWorkspace.pageOf("owner");
  for (const path of ["mapping", "people"]) {
    const answer = await stranger.goto(`/connections/${connectionId}/${path}`);
    expect(answer?.status()).toBe(404);
  }
});
