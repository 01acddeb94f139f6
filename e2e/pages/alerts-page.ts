import { expect, type Locator } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";

/** What the workspace has to know of, and the bell that leads there. */
export class AlertsPage extends ConsolePage {
  bell(name: string | RegExp): Locator {
    return this.page.getByRole("link", { name });
  }

  async open(): Promise<void> {
    await this.page.goto("/alerts");
    await expect(this.heading("Alerts")).toBeVisible();
  }

  /** The row that says so. */
  row(text: string | RegExp): Locator {
    return this.page.getByRole("row").filter({ hasText: text });
  }
}
