import { sql } from "drizzle-orm";
import type { PersonRole } from "#simulator/types";
import { expect, test } from "../fixtures.ts";
import { HandOffPage, HandOffPanel } from "../pages/hand-off-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { personOf, type SimulatedTenant } from "../simulator.ts";
import type { TestWorkspace } from "../workspace.ts";

/** A draft whose page shows a fresh link, and a stranger's browser to open it in. */
async function handedOff(workspace: TestWorkspace) {
  const tenant = await workspace.tenant({ size: 10, app: null });
  const { page, person } = await workspace.member("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draft({ name: "Adatum" });
  const panel = new HandOffPanel(page);
  const url = await panel.createLink();
  const visitor = await workspace.visitor();
  return {
    tenant,
    wizard,
    panel,
    url,
    sender: { ...person, fullName: `${person.givenName} ${person.surname}` },
    approver: new HandOffPage(visitor),
    microsoft: new MicrosoftPage(visitor),
  };
}

/** Without a tenant in the draft Microsoft offers everybody: only the address is one person's. */
const nameOf = (tenant: SimulatedTenant, role: PersonRole): string =>
  personOf(tenant, role).userPrincipalName;

test("somebody without a membership approves in a browser of their own, and the page that waited goes on by itself", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { tenant, wizard, panel, url, sender, approver, microsoft } = await handedOff(workspace);
  await expect(panel.newest).toContainText(`by ${sender.fullName}`);
  await expect(panel.newest).toContainText("Nobody has gone to Microsoft with it yet");
  const listed = await wizard.listedPermissions();

  await test.step("the page names who asks and for what, and nothing else of the workspace", async () => {
    await approver.open(url);
    await expect(approver.fact("Workspace")).toHaveText(workspace.name);
    await expect(approver.fact("Asked by")).toHaveText(sender.fullName);
    await expect(approver.fact("Signs in from the tenant")).toContainText(workspace.directoryId);
    expect(await new WizardPage(approver.page).listedPermissions()).toEqual(listed);
    expect(await approver.page.content()).not.toContain("Adatum");
  });
  await test.step("both legs, in a browser without a session", async () => {
    const administrator = nameOf(tenant, "global-administrator");
    await approver.continueToMicrosoft();
    await microsoft.pickAccount(administrator);
    expect(await microsoft.requestedPermissions()).toEqual(listed);
    await expect(panel.newest).toContainText("At Microsoft");
    await microsoft.accept();
    await microsoft.pickAccount(administrator);
    await approver.expectDone();
  });
  await wizard.expectImported(tenant.name);
  await approver.open(url);
  await approver.expectOver("This request was answered already", sender.fullName);
  expect(await workspace.audited()).toEqual(
    expect.arrayContaining(["hand-off.created", "consent.started", "proof.received"]),
  );
});

test("a revoked link leads nowhere, also for whoever is at Microsoft with it", async ({
  workspace,
}) => {
  const { tenant, panel, url, sender, approver, microsoft } = await handedOff(workspace);
  await approver.open(url);
  await approver.continueToMicrosoft();
  await panel.revokeNewest();
  const administrator = nameOf(tenant, "global-administrator");
  await microsoft.pickAccount(administrator);
  await microsoft.accept();
  await new WizardPage(approver.page).expectOutcome("The link cannot be used any more");
  await approver.open(url);
  await approver.expectOver("This request was withdrawn", sender.fullName);
  await workspace.expectAudited("hand-off.revoked");
});

test("an expired link, a link nobody made and a sender who left lead nowhere", async ({
  workspace,
}) => {
  const { url, sender, approver } = await handedOff(workspace);
  const ours = (statement: ReturnType<typeof sql>) =>
    workspace.db.inWorkspace(workspace.id, (tx) => tx.execute(statement));
  await ours(sql`update hand_offs set expires_at = now() where workspace_id = ${workspace.id}`);
  await approver.open(url);
  await approver.expectOver("This link has expired", sender.fullName);
  await ours(sql`update members set disabled_at = now() where workspace_id = ${workspace.id}`);
  await approver.page.reload();
  await approver.expectOver("This request is no longer valid", /license managers/);
  expect(await approver.page.content()).not.toContain(sender.fullName);
  await approver.open(`${url.slice(0, -3)}abc`);
  await approver.expectOver("This link leads nowhere", /ask the person who sent it/);
});

test("whoever cancels, or is no administrator, may open the request again; the page that waits tells it", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const { tenant, wizard, panel, url, approver, microsoft } = await handedOff(workspace);
  await approver.open(url);
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.cancelConsent();
  await new WizardPage(approver.page).expectOutcome("The approval was cancelled");
  await expect(panel.newest).toContainText("Somebody pressed Cancel at Microsoft");
  await panel.newest.getByText("Details", { exact: true }).click();
  await expect(panel.newest.getByText("AADSTS65004")).toBeVisible();

  await approver.openAgain();
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(nameOf(tenant, "global-administrator"));
  await microsoft.accept();
  await microsoft.pickAccount(nameOf(tenant, "employee"));
  await approver.expectRefused(/is no administrator of the tenant/);
  await wizard.expectRefusedProof(/is no administrator of/);
  await expect(panel.newest).toContainText("is no administrator of");

  await approver.openAgain();
  await approver.continueToMicrosoft();
  await microsoft.pickAccount(nameOf(tenant, "privileged-role-administrator"));
  await microsoft.accept();
  await microsoft.pickAccount(nameOf(tenant, "privileged-role-administrator"));
  await approver.expectDone();
  await wizard.expectImported(tenant.name);
});

test("a way back in another browser, or framed by another site, does nothing", async ({
  workspace,
}) => {
  const { tenant, url, approver, microsoft } = await handedOff(workspace);
  await approver.open(url);
  await approver.continueToMicrosoft();
  const state = new URL(microsoft.page.url()).searchParams.get("state") ?? "";
  const elsewhere = await workspace.visitor();
  await elsewhere.goto(
    `/connect/consent?${new URLSearchParams({ admin_consent: "True", tenant: tenant.id, state })}`,
  );
  await new WizardPage(elsewhere).expectOutcome("This link cannot be used");

  const answer = await elsewhere.request.get(url);
  expect(answer.headers()["content-security-policy"]).toContain("frame-ancestors 'none'");
  expect(answer.headers()["cache-control"]).toContain("no-store");
  const foreign = await elsewhere.request.post(url, {
    headers: { origin: "https://evil.example" },
    data: "",
  });
  expect(foreign.status()).toBe(403);
});
