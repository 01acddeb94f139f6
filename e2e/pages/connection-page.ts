import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";
import { ConsolePage } from "./console-page.ts";
import { CredentialForm } from "./credential-form.ts";
import { ImportPage } from "./import-page.ts";

/** One connection: its status, its imports, what needs a person. */
export class ConnectionPage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  async open(connectionId: string): Promise<void> {
    await this.page.goto(`/connections/${connectionId}`);
    await expect(this.page.getByRole("region", { name: "About this connection" })).toBeVisible();
  }

  /** Starts an import and follows it to its page. */
  async importNow(): Promise<ImportPage> {
    await this.page.getByRole("button", { name: "Import now" }).click();
    await expect(this.heading("Import")).toBeVisible();
    return new ImportPage(this.page);
  }

  /** Opens the form for a new credential. */
  async replaceCredential(): Promise<CredentialForm> {
    await this.page.getByRole("button", { name: "Replace the credential" }).click();
    return new CredentialForm(this.page);
  }

  /** The app registration in use. */
  async expectClientId(clientId: string): Promise<void> {
    await expect(
      this.page.getByRole("region", { name: "About this connection" }).getByText(clientId),
    ).toBeVisible();
  }

  get credentialPanel(): Locator {
    return this.page.getByRole("region", { name: "Credential", exact: true });
  }

  get lastVerification(): Locator {
    return this.page.getByRole("region", { name: "Last verification" });
  }

  /** A new credential was refused, with its reason; the one in use goes on. */
  async expectRefusedReplacement(what: RegExp): Promise<void> {
    const { credentialPanel } = this;
    await expect(
      credentialPanel.getByRole("heading", { name: /refused, the one in use goes on/ }),
    ).toBeVisible({ timeout: workerTime });
    await expect(credentialPanel).toContainText(what);
  }

  async expectStatus(status: string): Promise<void> {
    await expect(
      this.content
        .getByRole("banner")
        .or(this.content.locator("header"))
        .getByText(status, { exact: true }),
    ).toBeVisible();
  }

  /** A failure is told as a sentence: what happened. */
  async expectProblem(what: RegExp): Promise<void> {
    await expect(this.content.getByText(what).first()).toBeVisible();
  }
}
