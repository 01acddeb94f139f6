import { expect, type Locator, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";

type DatasetName = "Directory" | "Sign-ins" | "Usage";

/** One import, live while it runs. */
export class ImportPage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  async open(importId: string): Promise<void> {
    await this.page.goto(`/imports/${importId}`);
    await expect(this.heading("Import")).toBeVisible();
  }

  dataset(name: DatasetName): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** The whole import's state, once it has it. */
  async expectState(state: string): Promise<void> {
    await expect(
      this.content.getByRole("status").getByText(state, { exact: true }).first(),
    ).toBeVisible({ timeout: 30_000 });
  }

  async expectDatasetState(name: DatasetName, state: string): Promise<void> {
    await expect(this.dataset(name).getByText(state, { exact: true }).first()).toBeVisible({
      timeout: 30_000,
    });
  }

  /** What was held of a dataset, with both sides and the two decisions. */
  held(name: DatasetName): Locator {
    return this.page
      .getByRole("heading", { name: `${name}: held for review` })
      .locator("xpath=ancestor::div[@data-tone][1]");
  }

  /** Figures of a held dataset: published now, and just read. */
  comparison(name: DatasetName, figure: string): Locator {
    return this.held(name)
      .getByRole("table", { name: "Before and after" })
      .getByRole("row")
      .filter({ hasText: figure })
      .getByRole("cell");
  }

  /** Presses Publish or Discard of the held data, and confirms. */
  async decide(name: DatasetName, decision: "Publish" | "Discard"): Promise<void> {
    await this.held(name).getByRole("button", { name: decision, exact: true }).click();
    await this.page
      .getByRole("dialog")
      .getByRole("button", { name: decision, exact: true })
      .click();
    await expect(this.held(name)).toHaveCount(0);
  }
}
