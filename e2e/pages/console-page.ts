import { expect, type Locator, type Page } from "@playwright/test";

/** What every signed-in page has: navigation, heading, person menu. */
export class ConsolePage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get navigation(): Locator {
    return this.page.getByRole("navigation", { name: "Main" });
  }

  get content(): Locator {
    return this.page.getByRole("main");
  }

  heading(name: string | RegExp): Locator {
    return this.page.getByRole("heading", { level: 1, name });
  }

  async goTo(name: string): Promise<void> {
    await this.navigation.getByRole("link", { name, exact: true }).click();
    await expect(this.heading(name)).toBeVisible();
  }

  /** By the `?` key, which works as soon as the page's scripts have run. */
  async openKeyboardHelp(): Promise<Locator> {
    const help = this.page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await expect(async () => {
      await this.page.keyboard.press("?");
      await expect(help).toBeVisible({ timeout: 1_000 });
    }).toPass();
    return help;
  }

  async signOut(): Promise<void> {
    await this.page.getByRole("button", { name: /^Account of / }).click();
    await this.page.getByRole("menuitem", { name: "Sign out" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: /signed out/i })).toBeVisible();
  }

  /** The page says that there is no such thing: the same for an unknown id and for another workspace's. */
  async expectNotFound(path: string): Promise<void> {
    const answer = await this.page.goto(path);
    expect(answer?.status()).toBe(404);
    await expect(this.page.getByRole("heading", { name: "There is nothing here" })).toBeVisible();
  }
}
