import { expect, type Page } from "@playwright/test";

/** Microsoft's sign-in and consent pages, as the simulator shows them. */
export class MicrosoftPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Chooses an account by the person's name, or by what stands under it (such as `Global Administrator`). */
  async pickAccount(who: string | RegExp): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
    await this.page.getByRole("button", { name: who }).first().click();
  }

  /** Turns back at the account picker. */
  async cancelSignIn(): Promise<void> {
    await this.page.getByRole("button", { name: "Cancel" }).click();
  }

  /** Names of the permissions on the consent page. */
  async requestedPermissions(): Promise<readonly string[]> {
    await this.expectConsentPage();
    return this.page.getByRole("term").allInnerTexts();
  }

  async expectConsentPage(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Permissions requested" })).toBeVisible();
  }

  async accept(): Promise<void> {
    await this.expectConsentPage();
    await this.page.getByRole("button", { name: "Accept" }).click();
  }

  async cancelConsent(): Promise<void> {
    await this.expectConsentPage();
    await this.page.getByRole("button", { name: "Cancel" }).click();
  }

  /** Microsoft stops people who may not consent on its own page; they never come back by themselves. */
  async expectNeedsApproval(): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Need admin approval" })).toBeVisible();
  }

  async signInWithAnotherAccount(): Promise<void> {
    await this.page.getByRole("link", { name: /Sign in with that account/ }).click();
  }
}
