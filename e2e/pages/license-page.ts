import { expect, type Locator, type Page } from "@playwright/test";
import { ConsolePage } from "./console-page.ts";
import { grouped } from "./licenses-page.ts";

type PanelName =
  | "From enabled to used"
  | "Who holds it"
  | "Why this number?"
  | "Price and money"
  | "Rows";

/** One license: its waterfall, why each number is what it is, and the rows behind. */
export class LicensePage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  async open(licenseId: string): Promise<void> {
    await this.page.goto(`/licenses/${licenseId}`);
    await expect(this.panel("Why this number?")).toBeVisible();
  }

  panel(name: PanelName): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  /** A figure that is a door to its rows. */
  figure(panel: PanelName, label: string): Locator {
    return this.panel(panel).getByRole("link", { name: new RegExp(`^${escaped(label)}: `) });
  }

  async expectFigure(panel: PanelName, label: string, value: number): Promise<void> {
    await expect(this.figure(panel, label)).toHaveText(grouped(value));
  }

  /** A figure that could not be read: a dash with its reason, not a number. */
  async expectUnknown(panel: PanelName, label: string, reason: RegExp): Promise<void> {
    const unknown = this.panel(panel).getByLabel(new RegExp(`^${escaped(label)}: unknown`));
    await expect(unknown).toHaveText("–");
    await expect(unknown).toHaveAccessibleName(reason);
  }

  /** A term of "Why this number?" with what stands beside it. */
  explanation(term: string): Locator {
    return this.panel("Why this number?")
      .getByRole("term")
      .filter({ hasText: new RegExp(`^${escaped(term)}`) })
      .locator("xpath=following-sibling::dd[1]");
  }

  get rows(): Locator {
    return this.panel("Rows").getByRole("table").locator("tbody").getByRole("row");
  }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
