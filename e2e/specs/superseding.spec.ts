import type { LicenseItem } from "#lib/domain/license-item";
import type { LicenseTotals } from "#lib/domain/overview";
import { expect, test } from "../fixtures.ts";
import { largestLicense, licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { SwitchPage } from "../pages/switch-page.ts";
import { connectThroughSaas } from "../saas.ts";
import type { ConnectedTenant, TestWorkspace } from "../workspace.ts";

/** A tenant collected by the deprecated connector, which Microsoft 365 has imported since. */
async function movable(workspace: TestWorkspace) {
  const tenant = await workspace.tenant();
  const old = await workspace.connectPackages(tenant);
  expect(old.state).toBe("succeeded");
  return { tenant, old, now: await workspace.connectImported(tenant) };
}

const totalsOf = async (workspace: TestWorkspace): Promise<LicenseTotals> =>
  (await (await workspace.setUp()).get<{ totals: LicenseTotals }>("/licenses")).totals;

const statuses = (licenses: ReadonlyMap<string, LicenseItem>) => [
  ...new Set([...licenses.values()].map(({ retiredReason }) => retiredReason)),
];

test("a tenant is moved to Microsoft 365: preview, switch, undo; nothing is counted twice", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const { old, now, tenant } = await movable(workspace);
  const api = await workspace.setUp();
  const before = await totalsOf(workspace);
  const license = await largestLicense(api, old.connectionId);
  const partNumber = license.partNumber ?? "";
  const page = await workspace.pageOf("connection-admin");

  const licenses = new LicensesPage(page);
  await licenses.open();
  await expect(page.getByText("Shown, not counted").first()).toBeVisible();
  const connection = new ConnectionPage(page);
  await connection.open(now.connectionId);
  await expect(
    page.getByRole("heading", { name: /^Shown, not counted: Office 365/ }),
  ).toBeVisible();

  await connection.open(old.connectionId);
  await page.getByRole("link", { name: "Move to the Microsoft 365 connector" }).click();
  const preview = new SwitchPage(page);
  await expect(preview.heading("Move to the Microsoft 365 connector")).toBeVisible();
  await expect(preview.license(partNumber)).toContainText("now: Counts");
  await expect(preview.license(partNumber)).toContainText(
    "then: Retired, superseded by Microsoft 365",
  );
  await expect(
    preview.license(partNumber).getByRole("link", { name: "Its counterpart" }),
  ).toBeVisible();
  await preview.expectTotal("Licenses that count", before.active, before.active);

  await preview.switchNow("Microsoft 365");
  await expect(
    page.getByRole("heading", { name: `Microsoft 365 counts for ${tenant.name}` }),
  ).toBeVisible();
  await workspace.expectAudited("supersession.created");
  expect(statuses(await licensesOf(api, old.connectionId))).toEqual([
    "superseded-by-microsoft-365",
  ]);
  expect(await totalsOf(workspace)).toMatchObject({
    active: before.active,
    shortfall: before.shortfall,
    surplus: before.surplus,
  });

  const detail = new LicensePage(page);
  await detail.open(license.id);
  await expect(page.getByText("is retired. The Microsoft 365 connector reports")).toBeVisible();
  await page.getByRole("link", { name: "Also in Microsoft 365" }).click();
  await expect(page.getByText(/Also in Office 365 \(deprecated\)/)).toBeVisible();
  await page.getByRole("navigation").getByRole("link", { name: "Integrations" }).click();
  await page
    .getByRole("table", { name: "Switches" })
    .getByRole("link", { name: tenant.name })
    .click();

  await preview.undo();
  await expect(preview.license(partNumber)).toContainText("now: Counts");
  await workspace.expectAudited("supersession.undone");
  expect(await totalsOf(workspace)).toEqual(before);
  expect((await licensesOf(api, old.connectionId)).get(partNumber)).toEqual(license);
});

test("a parallel run shows both until its day, and is called off without a change", async ({
  workspace,
}) => {
  const { old } = await movable(workspace);
  const page = await workspace.pageOf("owner");
  const preview = new SwitchPage(page);
  await page.goto(`/connections/${old.connectionId}/move`);
  await preview.startParallelRun("0");
  await expect(page.getByText("Enter 1 to 90 days.")).toBeVisible();
  await preview.startParallelRun("30");
  await expect(
    page.getByRole("heading", { name: /^Both are shown; Microsoft 365 counts from .* on$/ }),
  ).toBeVisible();
  await page.goto("/settings/integrations");
  await expect(
    page.getByRole("table", { name: "Switches" }).getByText("Parallel run"),
  ).toBeVisible();
  await page.goto(`/connections/${old.connectionId}/move`);
  await page.getByRole("button", { name: "Call it off" }).click();
  await expect(page.getByRole("heading", { name: /^Both are shown/ })).toBeHidden();
  expect(statuses(await licensesOf(await workspace.setUp(), old.connectionId))).toEqual([null]);
});

test("who may not decide sees the preview and who does", async ({ workspace }) => {
  const { old } = await movable(workspace);
  const page = await workspace.pageOf("viewer");
  await page.goto(`/connections/${old.connectionId}/move`);
  await expect(
    page.getByText("A connection administrator or an owner decides this."),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch now" })).toBeHidden();
});

test("SaaS Management for the workspace: a tenant without a successor is kept, and all is undone", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const api = await workspace.setUp();
  const covered = await workspace.tenant();
  const saas = await connectThroughSaas(workspace, covered);
  const below = await workspace.connectImported(covered);
  const alone = await workspace.connectedTenant();
  // What arrives below a counting source is superseded at once: this test begins before that.
  const { page, person } = await workspace.member("owner");
  const owner = `${person.givenName} ${person.surname}`;
  await page.goto(`/connections/${below.connectionId}/move?to=saas-management`);
  const preview = new SwitchPage(page);
  await preview.undo();
  const before = await totalsOf(workspace);
  const integration = page.getByRole("region", { name: "SaaS Management", exact: true });
  const decideFirst = page.getByRole("heading", { name: "Something has to be decided" });

  await page.goto("/settings/integrations");
  await expect(integration).toContainText("Does not count for the workspace");
  await expect(integration).not.toContainText(owner);
  await page.getByRole("link", { name: "Preview the switch" }).click();
  await expect(page.getByRole("heading", { name: "Something has to be decided" })).toBeVisible();
  await expect(page.getByRole("button", { name: "Switch now" })).toBeHidden();
  await preview.choose(alone.tenant.name, "Keep");
  await expect(decideFirst).toBeHidden();

  await preview.startParallelRun("14");
  await expect(page.getByRole("heading", { name: /^Both are shown/ })).toBeVisible();
  await page.goto("/settings/integrations");
  await expect(integration).toContainText(
    new RegExp(`SaaS Management counts from \\d.+ on, as ${owner} asked\\.`),
  );
  await page.goto("/settings/integrations/saas-management");
  // The choice made for the run still stands.
  await expect(decideFirst).toBeHidden();
  await expect(preview.choice(alone.tenant.name, "Keep")).toBeChecked();
  await page.getByRole("button", { name: "Call it off" }).click();
  await expect(decideFirst).toBeVisible();
  await preview.choose(alone.tenant.name, "Keep");
  await expect(decideFirst).toBeHidden();

  await preview.switchNow("SaaS Management");
  await expect(
    page.getByRole("heading", { name: "SaaS Management counts for this workspace" }),
  ).toBeVisible();
  await expect(preview.tenant(alone.tenant.name)).toContainText("Kept as it is");
  await page.goto("/settings/integrations");
  await expect(integration).toContainText("Counts for the workspace");
  await expect(integration).toContainText(new RegExp(`Switched by ${owner} (just now|.+ ago)\\.`));
  await expect(integration).toContainText(
    "It stands for the other connectors in every tenant but 1, which was kept.",
  );
  await expect(integration.getByRole("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT/);
  await page.goto("/");
  await expect(page.getByText(/^In 2 tenants:/)).toBeVisible();
  await expect(
    page.getByRole("table", { name: "Tenants" }).getByText("Not counted", { exact: true }),
  ).toHaveCount(3);
  // Where the workspace's switch covers a tenant there is nothing to switch in it.
  await page.goto(`/connections/${below.connectionId}/move?to=saas-management`);
  await expect(page).toHaveURL(/\/settings\/integrations\/saas-management$/);
  const reasons = async ({ connectionId }: ConnectedTenant) =>
    statuses(await licensesOf(api, connectionId));
  expect([await reasons(saas), await reasons(below), await reasons(alone)]).toEqual([
    [null],
    ["superseded-by-saas-management"],
    [null],
  ]);
  await preview.undo();
  expect(await totalsOf(workspace)).toEqual(before);
  expect(await reasons(below)).toEqual([null]);
  await page.goto("/settings/integrations");
  await expect(integration).toContainText("Does not count for the workspace");
  await expect(integration).not.toContainText("Switched by");
  await expect(page.getByRole("heading", { name: "No switch is in force" })).toBeVisible();
});
