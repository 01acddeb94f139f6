import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";

/** "Ask your administrator" in the console: makes links and lists them. */
export class HandOffPanel {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get region(): Locator {
    return this.page.getByRole("region", { name: "Ask your administrator" });
  }

  /** Makes a link and returns its address, the only time it is shown. */
  async createLink(): Promise<string> {
    await this.region.getByRole("button", { name: "Create a link" }).click();
    const link = this.region.getByText(/\/connect\/[A-Za-z0-9_-]{43}$/).first();
    await expect(link).toBeVisible();
    return link.innerText();
  }

  /** The newest link's line. */
  get newest(): Locator {
    return this.region.getByRole("list", { name: "Links" }).getByRole("listitem").first();
  }

  async revokeNewest(): Promise<void> {
    await this.newest.getByRole("button", { name: "Revoke" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Revoke the link" }).click();
    await expect(this.newest).toContainText("Revoked");
  }
}

/** The public page of a hand-off link, and where its way ends. */
export class HandOffPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Opens the link as a mail program does: from outside. */
  async open(url: string): Promise<void> {
    await this.page.goto(url);
  }

  /** What the page says of who asks. */
  fact(name: string): Locator {
    return this.page
      .getByRole("region", { name: "Who asks" })
      .getByRole("definition")
      .nth(["Workspace", "Asked by", "Signs in from the tenant"].indexOf(name));
  }

  /** A permission's line. */
  permission(name: string): Locator {
    return this.page
      .getByRole("region", { name: "What is requested and why" })
      .getByRole("listitem")
      .filter({ has: this.page.getByText(name, { exact: true }) });
  }

  async continueToMicrosoft(): Promise<void> {
    await this.page.getByRole("button", { name: "Continue to Microsoft" }).click();
    await expect(this.page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  }

  /** A link that leads nowhere: its title, one sentence, and no way to Microsoft. */
  async expectOver(title: string, whom: string | RegExp): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(this.page.getByText(whom)).toBeVisible();
    await expect(this.page.getByRole("button")).toHaveCount(0);
  }

  async expectDone(): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: "Done, thank you" })).toBeVisible(
      {
        timeout: workerTime,
      },
    );
  }

  async expectRefused(what: RegExp): Promise<void> {
    await expect(
      this.page.getByRole("heading", { level: 1, name: "The approval could not be used" }),
    ).toBeVisible({ timeout: workerTime });
    await expect(this.page.getByText(what)).toBeVisible();
  }

  async openAgain(): Promise<void> {
    await this.page.getByRole("link", { name: "Open the request again" }).click();
    await expect(this.page.getByRole("region", { name: "Who asks" })).toBeVisible();
  }
}
