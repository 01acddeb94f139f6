import { expect, type Locator, type Page } from "@playwright/test";

/** When a connection is imported by itself: the panel on its page. */
export class SchedulePanel {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get panel(): Locator {
    return this.page.getByRole("region", { name: "Schedule", exact: true });
  }

  /** Scrolls the page to it. */
  async show(): Promise<void> {
    await this.panel.evaluate((panel) => panel.scrollIntoView({ block: "center" }));
  }

  get pauseSwitch(): Locator {
    return this.panel.getByRole("switch", { name: "Pause imports" });
  }

  get changeButton(): Locator {
    return this.panel.getByRole("button", { name: "Change the schedule" });
  }

  get form(): Locator {
    return this.page.getByRole("form", { name: "Schedule" });
  }

  /** By its label, which ends in a mark that it is required. */
  get time(): Locator {
    return this.form.getByLabel(/^Time\W*$/);
  }

  /** Opens the form; the page's scripts may not run yet at the first press. */
  async openForm(): Promise<void> {
    await expect(async () => {
      await this.changeButton.click();
      await expect(this.form).toBeVisible({ timeout: 2_000 });
    }).toPass();
  }

  /** Chooses from a list by typing and Enter, as with the keyboard alone. */
  async choose(label: string, text: string): Promise<void> {
    const field = this.form.getByRole("combobox", { name: label });
    await field.click();
    await field.fill(text);
    await field.press("Enter");
  }

  /** Opens a list of the form and shows all of it. */
  async openList(label: string): Promise<void> {
    await this.form.getByRole("combobox", { name: label }).click();
    await expect(this.page.getByRole("listbox").getByRole("option").nth(20)).toBeVisible();
  }

  async save(): Promise<void> {
    await this.form.getByRole("button", { name: "Save the schedule" }).click();
  }

  async expectNextImport(text: string | RegExp): Promise<void> {
    await expect(this.fact("Next import")).toContainText(text);
  }

  /** The value beside a name. */
  fact(name: string): Locator {
    return this.panel
      .locator("dl > div")
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }
}
