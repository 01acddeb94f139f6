import { expect, type Page } from "@playwright/test";
import type { Person } from "#simulator/types";
import { MicrosoftPage } from "./microsoft-page.ts";

/** The way in: our own page, then Microsoft's account picker. */
export class SignInPage {
  readonly page: Page;
  readonly microsoft: MicrosoftPage;

  constructor(page: Page) {
    this.page = page;
    this.microsoft = new MicrosoftPage(page);
  }

  /** Signs in and waits for the console's frame. */
  async signIn(person: Pick<Person, "userPrincipalName">): Promise<void> {
    await this.page.goto("/sign-in");
    await this.choose(person);
    await expect(this.page.getByRole("navigation", { name: "Main" })).toBeVisible();
  }

  /** From the sign-in page, wherever it leads. */
  async choose(person: Pick<Person, "userPrincipalName">): Promise<void> {
    await this.expectOpen();
    await this.page.getByRole("button", { name: "Sign in with Microsoft" }).click();
    await this.microsoft.pickAccount(person.userPrincipalName);
  }

  async expectOpen(): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: "Sign in" })).toBeVisible();
  }

  /** One lands here after a sign-in that was refused. */
  async expectRefused(title: string): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(this.page.getByRole("navigation", { name: "Main" })).toHaveCount(0);
  }
}
