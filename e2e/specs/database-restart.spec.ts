import type { Page } from "@playwright/test";
import { expect, test } from "../fixtures.ts";
import { withOwnStack } from "../own-stack.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { SignInPage } from "../pages/sign-in-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";

/** The page says plainly that it could not be built, and offers to try again. */
async function expectUnavailable(page: Page): Promise<void> {
  await expect(page.getByRole("heading", { name: "This page could not be built" })).toBeVisible();
  await expect(page.getByText("Nothing was changed.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Try again" })).toBeVisible();
  await expect(page.getByText(/postgres|ECONN|127\.0\.0\.1|at .*\.ts:/i)).toHaveCount(0);
}

test("pages while PostgreSQL restarts: a plain word and a way on, nothing typed is lost (A5)", async ({
  browser,
  watch,
}) => {
  test.setTimeout(240_000);
  await withOwnStack(async ({ appUrl, owner, crashDatabase, restartDatabase }) => {
    const context = await browser.newContext({ baseURL: appUrl });
    watch(context);
    const opened = await context.newPage();
    await new SignInPage(opened).signIn(owner);
    const console = new ConsolePage(opened);
    const typing = await context.newPage();
    const wizard = new WizardPage(typing);
    await wizard.open();
    await wizard.chooseMultiTenantApp();
    const answers = { name: "Adatum after hours", tenant: "adatum.example" };
    await wizard.name.fill(answers.name);
    await wizard.tenant.fill(answers.tenant);

    await crashDatabase();
    const late = await context.newPage();
    await test.step("a page that is opened says so", async () => {
      await late.goto("/licenses");
      await expectUnavailable(late);
    });
    await test.step("so does a page somebody goes to from another", async () => {
      await console.navigation.getByRole("link", { name: "Opportunities", exact: true }).click();
      await expectUnavailable(opened);
    });
    await test.step("trying again too early changes nothing", async () => {
      await opened.getByRole("button", { name: "Try again" }).click();
      await expectUnavailable(opened);
    });
    await test.step("a form keeps what was typed and says that it was not saved", async () => {
      await typing.getByRole("button", { name: "Save and continue" }).click();
      await expect(
        typing.getByText("What you entered is still here: try again soon.").first(),
      ).toBeVisible();
      await expect(wizard.name).toHaveValue(answers.name);
      await expect(wizard.tenant).toHaveValue(answers.tenant);
    });

    await restartDatabase();
    await test.step("everything goes on where it was", async () => {
      for (const [page, heading] of [
        [late, "No tenant is connected yet"],
        [opened, "No tenant is connected yet"],
      ] as const) {
        await expect(async () => {
          const again = page.getByRole("button", { name: "Try again" });
          if (await again.isVisible()) await again.click();
          await expect(page.getByRole("heading", { name: heading })).toBeVisible({
            timeout: 3_000,
          });
        }).toPass({ timeout: 30_000 });
      }
      await expect(async () => {
        await typing.getByRole("button", { name: "Save and continue" }).click();
        await wizard.expectStep("Consent at Microsoft");
      }).toPass({ timeout: 30_000 });
      await wizard.open(wizard.connectionId());
      await expect(wizard.rail).toContainText(`${answers.name}, ${answers.tenant}, Global`);
    });
    await context.close();
  });
});
