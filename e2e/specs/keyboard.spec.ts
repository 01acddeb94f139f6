import { expect, test } from "../fixtures.ts";
import { ConsolePage } from "../pages/console-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { simulator } from "../simulator.ts";

test("the console is used by keyboard alone", async ({ workspace }) => {
  const { tenant } = await workspace.connectedTenant();
  const page = await workspace.pageOf("analyst");
  const console = new ConsolePage(page);
  const licenses = new LicensesPage(page);
  const rows = licenses.table.locator("tbody").getByRole("row");
  const all = (await simulator.truth(tenant.id)).skus.length;

  await test.step("the first Tab offers to skip to the content", async () => {
    await page.goto("/");
    await page.keyboard.press("Tab");
    const skip = page.getByRole("link", { name: "Skip to content" });
    await expect(skip).toBeFocused();
    await expect(skip).toBeInViewport();
    await page.keyboard.press("Enter");
    await expect(console.content).toBeFocused();
  });
  await test.step("g l goes to the licenses, / to their search", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("l");
    await expect(licenses.heading("Licenses")).toBeVisible();
    await page.keyboard.press("/");
    const search = page.getByRole("searchbox", { name: "Search product or part number" });
    await expect(search).toBeFocused();
    await page.keyboard.type("SPE_E");
    await expect(page).toHaveURL(/search=SPE_E/);
    await expect(licenses.row("SPE_E3")).toBeVisible();
    await expect(rows).not.toHaveCount(all);
  });
  await test.step("letters typed into a field are letters", async () => {
    await page.keyboard.type("?");
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await page.getByRole("button", { name: "Clear search" }).click();
    await expect(page).not.toHaveURL(/search=/);
    await expect(rows).toHaveCount(all);
  });
  await test.step("arrows walk the rows, Enter opens one", async () => {
    await rows.first().focus();
    await page.keyboard.press("ArrowDown");
    await expect(rows.nth(1)).toBeFocused();
    await page.keyboard.press("End");
    await expect(rows.last()).toBeFocused();
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    await expect(page.getByRole("region", { name: "Why this number?" })).toBeVisible();
  });
  await test.step("? shows the help, Esc closes it", async () => {
    const help = await console.openKeyboardHelp();
    await page.keyboard.press("Escape");
    await expect(help).toHaveCount(0);
  });
});

test("what has the focus is not hidden by the header", async ({ workspace }) => {
  await workspace.connectedTenant();
  const page = await workspace.pageOf("analyst");
  await page.setViewportSize({ width: 1280, height: 500 });
  await page.goto("/licenses");
  const rows = new LicensesPage(page).table.locator("tbody").getByRole("row");
  await rows.last().getByRole("link").first().focus();
  await rows.first().getByRole("link").first().focus();
  const header = await page.getByRole("banner").first().boundingBox();
  const link = await rows.first().getByRole("link").first().boundingBox();
  if (header === null || link === null) throw new Error("Nothing to measure.");
  expect(link.y).toBeGreaterThanOrEqual(header.y + header.height);
});
