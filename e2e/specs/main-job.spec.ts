import { expect, test } from "../fixtures.ts";
import { LicensePage } from "../pages/license-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { simulator } from "../simulator.ts";

test("an administrator connects a tenant in the browser, watches the import and reviews a license", async ({
  workspace,
}) => {
  const tenant = await workspace.tenant({ size: 60, name: "Litware", app: null });
  const page = await workspace.pageOf("owner");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);

  await test.step("draft, consent and proof", async () => {
    await wizard.draft({ name: "Litware", tenant: tenant.id });
    await wizard.continueToMicrosoft();
    await microsoft.pickAccount("Global Administrator");
    await microsoft.accept();
    await microsoft.pickAccount("Global Administrator");
  });

  await test.step("the first import runs by itself and ends with a proof", async () => {
    await wizard.expectImported(tenant.name);
    await expect(page.getByText("The two counts agree to the seat.")).toBeVisible();
    await wizard.reviewLicenses();
  });

  const truth = await simulator.truth(tenant.id);
  const users = truth.skus.filter(({ appliesTo }) => appliesTo === "User");
  const [largest] = users.toSorted((a, b) => b.holders - a.holders);
  if (largest?.units == null || largest.partNumber === null) throw new Error("No license held.");
  const { partNumber, units, holders, assigned } = largest;
  const entitled = (units.enabled ?? 0) + (units.warning ?? 0);

  await test.step("every license is listed with the tenant's own figures", async () => {
    const licenses = new LicensesPage(page);
    await expect(licenses.table.locator("tbody").getByRole("row")).toHaveCount(truth.skus.length);
    await licenses.expectFigures(partNumber, { entitled, consumed: holders });
    await licenses.openLicense(partNumber);
  });

  const license = new LicensePage(page);
  await test.step("the license explains each number, with its source and day", async () => {
    await license.expectFigure("From enabled to used", "Entitled", entitled);
    await license.expectFigure("From enabled to used", "Consumed", holders);
    await expect(license.explanation("Microsoft reported")).toHaveText(String(holders));
    await expect(license.explanation("We counted")).toHaveText(String(holders));
    await expect(license.explanation("Difference")).toHaveText("0");
    await expect(license.explanation("Entitled")).toContainText(`= ${entitled}`);
    await expect(license.panel("Why this number?")).toContainText("Evaluated on");
    await expect(license.panel("Why this number?").getByText(/^directory /)).toBeVisible();
    await expect(
      license.panel("Why this number?").getByRole("link", { name: "this import" }),
    ).toHaveAttribute("href", /^\/imports\/[0-9a-f-]{36}$/);
  });

  await test.step("a figure is a door to exactly its rows", async () => {
    await license.expectFigure("Who holds it", "By group", assigned.group);
    await license.figure("Who holds it", "By group").click();
    await expect(page).toHaveURL(/origin=group/);
    await expect(license.rows).toHaveCount(assigned.group);
    await license.figure("Who holds it", "Direct").click();
    await expect(page).toHaveURL(/origin=direct/);
    await expect(license.rows).toHaveCount(assigned.direct);
  });
});
