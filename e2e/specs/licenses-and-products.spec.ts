import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { ManagedAppPage } from "../pages/managed-app-page.ts";
import { enterOrganisation, firstApplication, organisationOf } from "../saas.ts";
import type { TestWorkspace } from "../workspace.ts";

interface MappingAnswer {
  readonly licenses: readonly { readonly externalId: string; readonly name: string | null }[];
}

/** A tenant imported by Microsoft 365 and by an application whose license ids say nothing of a SKU. */
async function unmapped(workspace: TestWorkspace) {
  const { tenant } = await workspace.connectedTenant();
  const api = await workspace.setUp();
  const organisation = await organisationOf([tenant]);
  const { id: connectionId } = await api.post<{ id: string }>("/connections", {
    name: "By contract",
    source: "saas-management",
    tenantId: tenant.id,
    organisationId: await enterOrganisation(workspace, organisation),
    managedAppId: String(firstApplication),
  });
  await organisation.change({ faults: [{ kind: "licenses", shape: "own-ids" }] });
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
