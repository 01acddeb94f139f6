import { expect, test } from "../fixtures.ts";
import { largestLicense } from "../licenses.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { everyPage } from "../pages/every-page.ts";
import { LicensePage } from "../pages/license-page.ts";
import { simulator } from "../simulator.ts";

test("an empty workspace says what is missing and what to do, to those who may do it", async ({
  workspace,
}) => {
  const owner = await workspace.pageOf("owner");
  for (const path of ["/", "/licenses", "/opportunities", "/connections"]) {
    await owner.goto(path);
    await expect(owner.getByRole("heading", { name: "No tenant is connected yet" })).toBeVisible();
    await expect(
      owner.getByRole("main").getByRole("link", { name: "Connect a tenant" }),
    ).toBeVisible();
  }
  const viewer = await workspace.pageOf("viewer");
  await viewer.goto("/");
  await expect(viewer.getByRole("main")).toContainText("Your role does not include connections");
  await expect(
    viewer.getByRole("main").getByRole("link", { name: "Connect a tenant" }),
  ).toHaveCount(0);
});

test("no page scrolls sideways on a narrow screen", async ({ workspace }) => {
  test.setTimeout(120_000);
  const connected = await workspace.connectedTenant({ profile: "acquired" });
  const license = await largestLicense(await workspace.setUp(), connected.connectionId);
  const page = await workspace.pageOf("owner");
  await page.setViewportSize({ width: 360, height: 780 });
  for (const [name, path] of everyPage(connected, license)) {
    await page.goto(path);
    await expect(page.getByRole("heading").first()).toBeVisible();
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect.soft(overflow, name).toBeLessThanOrEqual(0);
  }
  const console = new ConsolePage(page);
  await page.goto("/");
  await page.getByRole("button", { name: "Open navigation" }).click();
  await console.goTo("Licenses");
});

test("names from a tenant are text: markup, scripts and control characters do nothing", async ({
  workspace,
}) => {
  test.setTimeout(120_000);
  const name = `<img src=x onerror="document.title='owned'"> {{7*7}} \u202egnp.exe`;
  const tenant = await workspace.tenant({ name, size: 40 });
  await simulator.setFaults(tenant.id, [{ kind: "hostile-names", count: "all" }]);
  const connected = await workspace.connectImported(tenant);
  const license = await largestLicense(await workspace.setUp(), connected.connectionId);
  const page = await workspace.pageOf("owner");
  for (const [place, path] of everyPage(connected, license)) {
    await page.goto(path);
    await expect(page.getByRole("heading").first(), place).toBeVisible();
    await expect(page, place).not.toHaveTitle("owned");
    await expect(page.locator('img[src="x"]'), place).toHaveCount(0);
  }
  await page.goto(`/connections/${connected.connectionId}`);
  const shown = page.getByRole("heading", { level: 1 }).locator("bdi");
  await expect(shown).toContainText(`<img src=x onerror=`);
  const view = new LicensePage(page);
  await view.open(license.id);
  await expect(view.rows).toHaveCount(Math.min(50, license.consumed ?? 0));
  const text = await page.getByRole("region", { name: "Rows" }).innerText();
  expect(text).not.toContain("\u0000");
});
