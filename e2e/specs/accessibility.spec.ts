import { randomUUID } from "node:crypto";
import AxeBuilder from "@axe-core/playwright";
import type { Page } from "@playwright/test";
import { runImport } from "../api.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense } from "../licenses.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { everyPage } from "../pages/every-page.ts";
import { HandOffPage, HandOffPanel } from "../pages/hand-off-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { PackagePage } from "../pages/package-page.ts";
import { SchedulePanel } from "../pages/schedule-panel.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { connectThroughSaas, enterOrganisation, organisationOf } from "../saas.ts";
import { personOf, simulator } from "../simulator.ts";

const standards = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

/** Goes there and expects axe to find nothing. */
async function expectCleanPage(
  page: Page,
  colorScheme: "light" | "dark",
  [name, path]: readonly [string, string],
): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("heading").first(), name).toBeVisible();
  await expect(page.locator("html"), name).toHaveAttribute(
    "data-mantine-color-scheme",
    colorScheme,
  );
  const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
  const found = violations.map(
    ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
  );
  expect.soft(found, name).toEqual([]);
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`no page breaks an accessibility rule, ${colorScheme}`, async ({ workspace }) => {
    test.setTimeout(420_000);
    const connected = await workspace.connectedTenant({ profile: "acquired" });
    const license = await largestLicense(await workspace.setUp(), connected.connectionId);
    const page = await workspace.pageOf("owner");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await new WizardPage(page).draft({ name: "Adatum" });
    const link = await new HandOffPanel(page).createLink();
    const signedOut: readonly (readonly [string, string])[] = [
      ["sign-in", "/sign-in"],
      ["refused sign-in", "/refused?reason=not-a-member"],
      ["hand-off, request", link],
      ["hand-off, link nobody made", `${link.slice(0, -3)}abc`],
      ["hand-off, nothing came back", "/connect/done"],
      [
        "hand-off, refused return",
        `/connect/refused?reason=refused-by-microsoft&by=link&number=90094&correlation=${randomUUID()}`,
      ],
    ];
    const visitor = await workspace.visitor();
    await visitor.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    for (const [browser, pages] of [
      [page, everyPage(connected, license)],
      [visitor, signedOut],
    ] as const) {
      for (const place of pages) await expectCleanPage(browser, colorScheme, place);
    }
  });

  test(`nor does the page an approval by link ends on, ${colorScheme}`, async ({ workspace }) => {
    test.setTimeout(180_000);
    const tenant = await workspace.tenant({ size: 10, app: null });
    const { page } = await workspace.member("connection-admin");
    await new WizardPage(page).draft({ name: "Adatum" });
    const link = await new HandOffPanel(page).createLink();
    const visitor = await workspace.visitor();
    await visitor.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const approver = new HandOffPage(visitor);
    const microsoft = new MicrosoftPage(visitor);
    const administrator = personOf(tenant, "global-administrator").userPrincipalName;
    await approver.open(link);
    await approver.continueToMicrosoft();
    await microsoft.pickAccount(administrator);
    await microsoft.accept();
    await microsoft.pickAccount(administrator);
    await approver.expectDone();
    await expectCleanPage(visitor, colorScheme, ["hand-off, done", "/connect/done"]);
    await approver.expectDone();
    await expectCleanPage(visitor, colorScheme, ["hand-off, answered already", link]);
  });

  test(`no page of the deprecated connector breaks an accessibility rule, ${colorScheme}`, async ({
    workspace,
  }) => {
    test.setTimeout(240_000);
    const { connectionId, importId } = await workspace.connectPackages(await workspace.tenant());
    const license = await largestLicense(await workspace.setUp(), connectionId);
    const page = await workspace.pageOf("owner");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const packages = new PackagePage(page);
    await packages.draft({ name: "Closed network", tenant: randomUUID() });
    await packages.createToken("Server 7");
    await packages.upload({ name: "notes.zip", content: "not a package at all" });
    await packages.expectRefused("it is not a ZIP");
    const places = [
      [
        "wizard of packages, refused",
        `/connections/new/office-365?connection=${packages.connectionId()}`,
      ],
      [
        "wizard of packages, first import",
        `/connections/new/office-365?connection=${connectionId}`,
      ],
      ["connection by packages", `/connections/${connectionId}`],
      ["its import", `/imports/${importId}`],
      ["its license", `/licenses/${license.id}`],
      ["its move", `/connections/${connectionId}/move`],
      ["credentials with a token", "/connections/credentials"],
    ] as const;
    for (const place of places) await expectCleanPage(page, colorScheme, place);
  });

  test(`no page of SaaS Management breaks an accessibility rule, ${colorScheme}`, async ({
    workspace,
  }) => {
    test.setTimeout(240_000);
    const page = await workspace.pageOf("owner");
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    const organisation = await organisationOf([await workspace.tenant()]);
    const organisationId = await enterOrganisation(workspace, organisation);
    const covered = await workspace.tenant();
    const below = await workspace.connectImported(covered);
    const saas = await connectThroughSaas(workspace, covered);
    await workspace.connectedTenant();
    const unmapped = await connectThroughSaas(workspace, await workspace.tenant(), [
      { kind: "licenses", shape: "own-ids" },
      { kind: "users", shape: "own-skus" },
      { kind: "terms", shape: "without-units" },
    ]);
    await simulator.setFaults(covered.id, [{ kind: "mass-drop", keep: 0.1 }]);
    const held = await runImport(await workspace.setUp(), saas.connectionId);
    const ofSaas: readonly (readonly [string, string])[] = [
      ["connection through SaaS Management", `/connections/${saas.connectionId}`],
      ["licenses and products", `/connections/${saas.connectionId}/mapping`],
      ["licenses without a known product", `/connections/${unmapped.connectionId}/mapping`],
      ["its import", `/imports/${unmapped.importId}`],
      ["people not found", `/connections/${saas.connectionId}/people`],
      ["held import", `/imports/${held.id}`],
      ["switch of the workspace", "/settings/integrations/saas-management"],
      ["switch of a tenant", `/connections/${below.connectionId}/move?to=saas-management`],
      [
        "wizard of SaaS Management, application",
        `/connections/new/saas-management?organisation=${organisationId}`,
      ],
      [
        "wizard of SaaS Management, first import",
        `/connections/new/saas-management?connection=${saas.connectionId}`,
      ],
    ];
    const license = await largestLicense(await workspace.setUp(), saas.connectionId);
    const places = [
      ...ofSaas,
      ["license by terms", `/licenses/${license.id}`],
      ["integrations", "/settings/integrations"],
      ["wizard of SaaS Management, organisation", "/connections/new/saas-management"],
    ] as const;
    for (const place of places) await expectCleanPage(page, colorScheme, place);
  });
}

test("dialogs and open lists break no accessibility rule", async ({ workspace }) => {
  test.setTimeout(240_000);
  const { connectionId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("owner");
  const expectClean = async (name: string): Promise<void> => {
    const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
    const found = violations.map(
      ({ id, nodes }) => `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
    );
    expect.soft(found, name).toEqual([]);
  };
  await page.emulateMedia({ reducedMotion: "reduce" });
  await page.goto("/licenses");
  await new ConsolePage(page).openKeyboardHelp();
  await expectClean("keyboard help");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Search and go" }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectClean("palette");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: /^Account of / }).click();
  await expect(page.getByRole("menuitem", { name: "Sign out" })).toBeVisible();
  await expectClean("person menu");
  await page.goto(`/connections/${connectionId}`);
  await page.getByRole("button", { name: /^Disconnect/ }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectClean("disconnect");
  await page.keyboard.press("Escape");
  const schedule = new SchedulePanel(page);
  await schedule.openForm();
  await expectClean("schedule");
  await schedule.openList("Time zone");
  await expectClean("time zones");
  const license = await largestLicense(await workspace.setUp(), connectionId);
  await page.goto(`/licenses/${license.id}`);
  await page
    .getByRole("table", { name: "Assignments" })
    .locator("a[href*='person=']")
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Licenses of this account" })).toBeVisible();
  await expectClean("account");
});

test("the step of a registered app breaks no accessibility rule, whatever the credential", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  await wizard.draftRegisteredApp({ name: "Wingtip", tenant: randomUUID() });
  for (const scheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: "reduce" });
    for (const kind of [
      "Client secret",
      "Certificate made here",
      "Certificate of your own",
    ] as const) {
      await wizard.credential.choose(kind);
      const { violations } = await new AxeBuilder({ page }).withTags(standards).analyze();
      const found = violations.map(({ id, nodes }) => `${id}: ${nodes[0]?.html}`);
      expect.soft(found, `${scheme}, ${kind}`).toEqual([]);
    }
  }
});
