import { expect, type Locator, type Page } from "@playwright/test";

/** Licenses and products of a managed application. */
export class ManagedAppPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  async open(connectionId: string): Promise<void> {
    await this.#page.goto(`/connections/${connectionId}/mapping`);
  }

  /** The row of a license, by what the application calls it or by its id. */
  license(name: string | RegExp): Locator {
    return this.#page
      .getByRole("table", { name: "Licenses of the application" })
      .getByRole("row", { name });
  }

  /** Chooses the product of that name for a license. */
  async mapTo(license: string, product: string): Promise<void> {
    await this.#page
      .getByRole("button", { name: new RegExp(`^(Choose|Change) the product of ${license}$`) })
      .click();
    const dialog = this.#page.getByRole("dialog", { name: `Product of ${license}` });
    await dialog.getByRole("combobox", { name: "Product" }).fill(product);
    await this.#page
      .getByRole("option", { name: `${product} · ` })
      .first()
      .click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
  }

  /** The notice that mappings of the former connection count. */
  takenOver(count: number): Locator {
    const what =
      count === 1 ? "1 product mapped by hand was" : `${count} products mapped by hand were`;
    return this.#page
      .getByRole("heading", { name: `${what} taken over from the former connection` })
      .locator("xpath=ancestor::div[@data-tone][1]");
  }

  /** Chooses the first of the products that people of the application hold. Returns its name as the list shows it. */
  async chooseHeldProduct(license: string): Promise<string> {
    await this.#page.getByRole("button", { name: `Choose the product of ${license}` }).click();
    const dialog = this.#page.getByRole("dialog", { name: `Product of ${license}` });
    await dialog.getByRole("combobox", { name: "Product" }).click();
    const option = this.#page.getByRole("option").first();
    const label = (await option.innerText()).trim();
    await option.click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog).toBeHidden();
    return label.split(" · ")[0] ?? label;
  }
}
