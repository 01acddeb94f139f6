import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";
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
    ).toBeVisible({ timeout: workerTime });
  }

  /** Who else asked for it while it was under way. */
  async expectJoined(text: string | RegExp): Promise<void> {
    await expect(
      this.content.getByText(text).filter({ hasText: "counts for both" }).first(),
    ).toBeVisible({ timeout: workerTime });
  }

  async expectDatasetState(name: DatasetName, state: string): Promise<void> {
    await expect(this.dataset(name).getByText(state, { exact: true }).first()).toBeVisible({
      timeout: workerTime,
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

  /** A row of what publishing the held directory would change, by the name it begins with. */
  heldRow(by: "license" | "department", name: string): Locator {
    return this.held("Directory")
      .getByRole("table", { name: `Before and after by ${by}` })
      .getByRole("row")
      .filter({ has: this.page.getByRole("rowheader", { name, exact: true }) });
  }

  /** People whose rows a held directory shows. */
  get sample(): Locator {
    return this.held("Directory").getByRole("table", { name: "Sample of the changes" });
  }

  /** What the published directory changed. */
  get changes(): Locator {
    return this.page.getByRole("region", { name: "What changed", exact: true });
  }

  get changeRows(): Locator {
    return this.changes
      .getByRole("table", { name: "Changes", exact: true })
      .locator("tbody")
      .getByRole("row");
  }

  /** The account beside the page. */
  account(name: string): Locator {
    return this.page.getByRole("dialog", { name });
  }

  /** Publishes or discards everything the import holds in one decision. */
  async decideAll(decision: "Publish all" | "Discard all"): Promise<void> {
    await this.page.getByRole("button", { name: decision, exact: true }).click();
    await this.page
      .getByRole("dialog")
      .getByRole("button", { name: decision, exact: true })
      .click();
    await expect(this.page.getByRole("heading", { name: /held for review/ })).toHaveCount(0);
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
