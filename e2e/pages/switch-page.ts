import { expect, type Locator, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";

/** The preview of a switch, its decision, and how it is taken back. */
export class SwitchPage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  get licenses(): Locator {
    return this.page.getByRole("table", { name: "Licenses" });
  }

  /** A license by its part number. */
  license(partNumber: string): Locator {
    return this.licenses.getByRole("row", { name: new RegExp(`\\b${partNumber} · `) });
  }

  /** Now and after of a total. */
  async expectTotal(name: string, now: number, after: number): Promise<void> {
    const row = this.page
      .getByRole("table", { name: "Totals before and after" })
      .getByRole("row", { name: new RegExp(`^${name}`) });
    await expect(row.getByRole("cell").nth(0)).toHaveText(now.toLocaleString("en"));
    await expect(row.getByRole("cell").nth(1)).toHaveText(after.toLocaleString("en"));
  }

  async switchNow(source: string): Promise<void> {
    await this.page.getByRole("button", { name: "Switch now" }).click();
    const dialog = this.page.getByRole("dialog", { name: `Let ${source} count?` });
    await dialog.getByRole("button", { name: `Switch to ${source}` }).click();
    await expect(dialog).toBeHidden();
  }

  async undo(): Promise<void> {
    await this.page.getByRole("button", { name: "Undo", exact: true }).click();
    const dialog = this.page.getByRole("dialog", { name: "Undo the switch?" });
    await dialog.getByRole("button", { name: "Undo the switch" }).click();
    await expect(dialog).toBeHidden();
  }

  get days(): Locator {
    return this.page.getByRole("textbox", { name: "Days" });
  }

  async startParallelRun(days: string): Promise<void> {
    await this.days.fill(days);
    await this.page.getByRole("button", { name: "Start a parallel run" }).click();
  }

  /** The row of a tenant. */
  tenant(name: string): Locator {
    return this.page.getByRole("table", { name: "Tenants" }).getByRole("row").filter({
      hasText: name,
    });
  }

  /** What becomes of a tenant without a successor. */
  choice(tenant: string, choice: "Keep" | "Retire"): Locator {
    return this.page
      .getByRole("radiogroup", { name: `What becomes of ${tenant}` })
      .getByRole("radio", { name: choice });
  }

  /** Keeps or retires a tenant without a successor. */
  async choose(tenant: string, choice: "Keep" | "Retire"): Promise<void> {
    const group = this.page.getByRole("radiogroup", { name: `What becomes of ${tenant}` });
    await group.getByText(choice, { exact: true }).click();
    await expect(this.choice(tenant, choice)).toBeChecked();
  }
}
