import type { Page } from "@playwright/test";
import { ApiError } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense } from "../licenses.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { enterOrganisation, organisationOf } from "../saas.ts";
import type { ConnectedTenant, TestWorkspace } from "../workspace.ts";

const status = async (answer: Promise<unknown>): Promise<number> => {
  try {
    await answer;
    return 200;
  } catch (error) {
    if (error instanceof ApiError) return error.status;
    throw error;
  }
};

test("another workspace's things do not exist: pages, live routes and API answer 404", async ({
  workspace,
  otherWorkspace,
}) => {
  const { connectionId, importId, tenant } = await workspace.connectedTenant();
  const organisationId = await enterOrganisation(workspace, await organisationOf([tenant]));
  const license = await largestLicense(await workspace.setUp(), connectionId);
  const stranger = await otherWorkspace.pageOf("owner");
  const console = new ConsolePage(stranger);
  for (const path of [
    `/licenses/${license.id}`,
    `/connections/${connectionId}`,
    `/connections/new?connection=${connectionId}`,
    `/connections/new/office-365?connection=${connectionId}`,
    `/connections/new/saas-management?connection=${connectionId}`,
    `/connections/new/saas-management?organisation=${organisationId}`,
    `/imports/${importId}`,
  ]) {
    await console.expectNotFound(path);
    await expect(stranger.getByText(tenant.name)).toHaveCount(0);
  }
  expect((await stranger.request.get(`/imports/${importId}/live`)).status()).toBe(404);
  for (const watched of ["live", "packages/live", "key-pair/live"]) {
    const path = `/connections/${connectionId}/${watched}`;
    expect((await stranger.request.get(path)).status(), path).toBe(404);
  }
  await stranger.goto(`/licenses?tenant=${tenant.id}`);
  await expect(stranger.getByText(license.productName)).toHaveCount(0);

  const api = await otherWorkspace.api("owner");
  for (const path of [
    `/licenses/${license.id}`,
    `/licenses/${license.id}/assignments`,
    `/licenses/${license.id}/subscriptions`,
    `/connections/${connectionId}`,
    `/connections/${connectionId}/verifications`,
    `/connections/${connectionId}/packages`,
    `/imports/${importId}`,
    `/saas-organisations/${organisationId}`,
  ]) {
    expect(await status(api.get(path)), path).toBe(404);
  }
  for (const path of [
    `/connections/${connectionId}/imports`,
    `/connections/${connectionId}/verifications`,
    `/imports/${importId}/cancel`,
    `/imports/${importId}/discard`,
    `/imports/${importId}/publish`,
    `/saas-organisations/${organisationId}/checks`,
  ]) {
    expect(await status(api.post(path)), path).toBe(404);
  }

  const own = new LicensePage(await workspace.pageOf("viewer"));
  await own.open(license.id);
});

/** Names and addresses of the people who hold something, as a reader with the right sees them. */
async function peopleOf(workspace: TestWorkspace, { connectionId }: ConnectedTenant) {
  const api = await workspace.setUp();
  const license = await largestLicense(api, connectionId);
  const { items } = await api.get<{
    items: { person: { displayName: string; userPrincipalName: string } | null }[];
  }>(`/licenses/${license.id}/assignments?limit=100`);
  const people = items.map(({ person }) => person);
  return { license, people };
}

test("a viewer sees counts and no person; the API keeps to the same", async ({ workspace }) => {
  const connected = await workspace.connectedTenant();
  const { license, people } = await peopleOf(workspace, connected);
  expect(people.length).toBe(license.consumed);
  expect(people).not.toContain(null);

  const page = await workspace.pageOf("viewer");
  const view = new LicensePage(page);
  await view.open(license.id);
  await view.expectFigure("From enabled to used", "Consumed", license.consumed ?? Number.NaN);
  await expect(view.rows).toHaveCount(license.consumed ?? Number.NaN);
  await expect(view.panel("Rows")).toContainText("your role does not include seeing people");
  await expectNobodyNamed(page, people);
  await page.goto("/opportunities");
  await expect(page.getByRole("heading", { level: 1, name: "Opportunities" })).toBeVisible();
  await expectNobodyNamed(page, people);

  const api = await workspace.api("viewer");
  const answer = JSON.stringify([
    await api.get(`/licenses/${license.id}/assignments?limit=100`),
    await api.get(`/opportunities?connectionId=${connected.connectionId}&limit=100`),
  ]);
  for (const person of people) expect(answer).not.toContain(person?.userPrincipalName);
});

/** Neither in what is shown nor in what was sent to the browser. */
async function expectNobodyNamed(
  page: Page,
  people: readonly ({ displayName: string; userPrincipalName: string } | null)[],
): Promise<void> {
  const html = await page.content();
  // The reader's own name stands in the header, and an account may happen to bear it.
  const account = await page
    .getByRole("button", { name: /^Account of / })
    .getAttribute("aria-label");
  for (const person of people) {
    expect(html).not.toContain(person?.userPrincipalName);
    if (account !== `Account of ${person?.displayName}`) {
      expect(html).not.toContain(person?.displayName);
    }
  }
}

test("an analyst imports and decides, but neither connects nor cancels", async ({ workspace }) => {
  const { connectionId, importId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("analyst");
  await page.goto("/connections");
  await expect(page.getByRole("button", { name: "Import now" })).toBeVisible();
  await expect(page.getByRole("link", { name: "Connect a tenant" })).toHaveCount(0);
  await page.goto(`/connections/${connectionId}`);
  await expect(page.getByRole("region", { name: "About this connection" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Change" })).toHaveCount(0);
  await new WizardPage(page).open();
  await expect(page.getByText(/takes the role connection administrator or owner/)).toBeVisible();

  const api = await workspace.api("analyst");
  expect(
    await status(
      api.post("/connections", {
        name: "Not mine",
        source: "microsoft-365",
        method: "registered-app",
        cloud: "global",
        tenantId: "11111111-2222-4333-8444-555555555555",
        clientId: "11111111-2222-4333-8444-555555555556",
        credential: { kind: "secret", secret: "abcdefghijklmnopqrstuvwxyz012345" },
      }),
    ),
  ).toBe(403);
  expect(await status(api.post(`/imports/${importId}/cancel`))).toBe(403);
  const auditor = await workspace.api("auditor");
  expect(await status(auditor.post(`/connections/${connectionId}/imports`))).toBe(403);
});

test("nothing signed-in is kept by a cache", async ({ workspace }) => {
  const page = await workspace.pageOf("viewer");
  for (const path of ["/", "/licenses", "/opportunities", "/connections", "/settings/members"]) {
    const response = await page.goto(path);
    expect(response?.headers()["cache-control"], path).toContain("no-store");
  }
  const licenses = new LicensesPage(page);
  await licenses.signOut();
  await page.goBack();
  await expect(licenses.navigation).toHaveCount(0);
});
