import type { Page } from "@playwright/test";

/** Licenses and products of a managed application. */
export class ManagedAppPage {
  readonly #page: Page;
  constructor(page: Page) {
    this.#page = page;
  }

  async open(connectionId: string): Promise<void> {
    await this.#page.goto(`/connections/${connectionId}/mapping`);
  }
}
