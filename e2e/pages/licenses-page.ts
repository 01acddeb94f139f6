import { expect, type Locator, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";

/** The list of licenses. */
export class LicensesPage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  async open(): Promise<void> {
    await this.page.goto("/licenses");
    await expect(this.heading("Licenses")).toBeVisible();
  }

  get table(): Locator {
    return this.page.getByRole("region", { name: "Licenses" }).getByRole("table");
  }

  /** The row of a part number. */
  row(partNumber: string): Locator {
    return this.table.getByRole("row", { name: new RegExp(`\\b${partNumber} · `) });
  }

  /** Its figures as the row says them. */
  async expectFigures(
    partNumber: string,
    figures: { readonly entitled: number; readonly consumed: number },
  ): Promise<void> {
    const row = this.row(partNumber);
    await expect(row.getByRole("link", { name: /^Entitled: / })).toHaveText(
      grouped(figures.entitled),
    );
    await expect(row.getByRole("link", { name: /^Consumed: / })).toHaveText(
      grouped(figures.consumed),
    );
  }

  async expectCompliance(partNumber: string, compliance: string): Promise<void> {
    await expect(this.row(partNumber).getByText(compliance, { exact: true })).toBeVisible();
  }

  /** Opens a license by its product's name. */
  async openLicense(partNumber: string): Promise<void> {
    await this.row(partNumber).getByRole("link").first().click();
    await expect(this.page.getByRole("region", { name: "Why this number?" })).toBeVisible();
  }
}

/** Digits as the console groups them. */
export const grouped = (value: number): RegExp =>
  new RegExp(`^${String(value).replace(/\B(?=(\d{3})+$)/g, "\\s?,?")}$`);
