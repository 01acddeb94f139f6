import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";

/** The form of an app's credential, in the wizard and on the connection's page. */
export class CredentialForm {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  get clientId(): Locator {
    return this.page.getByRole("textbox", { name: "Application (client) ID" });
  }

  get secret(): Locator {
    return this.page.getByLabel("Client secret").and(this.page.locator("input[type=password]"));
  }

  get expiresOn(): Locator {
    return this.page.getByLabel("Expires on");
  }

  get file(): Locator {
    return this.page.getByRole("button", { name: "Certificate with its private key" });
  }

  get password(): Locator {
    return this.page.getByLabel("Password of the file");
  }

  async choose(
    kind: "Client secret" | "Certificate made here" | "Certificate of your own",
  ): Promise<void> {
    await this.page.getByText(kind, { exact: true }).first().click();
  }

  async upload(name: string, content: Buffer, password: string): Promise<void> {
    await this.page
      .locator("input[type=file]")
      .setInputFiles({ name, mimeType: "application/x-pkcs12", buffer: content });
    await this.password.fill(password);
  }

  async saveAndVerify(): Promise<void> {
    await this.page.getByRole("button", { name: "Save and verify" }).click();
  }

  /** Has a worker make a key pair and downloads its certificate. Returns the file's path. */
  async makeKeyPair(): Promise<string> {
    await this.page.getByRole("button", { name: "Make a key pair" }).click();
    const link = this.page.getByRole("link", { name: "Download the certificate (.cer)" });
    await expect(link).toBeVisible({ timeout: workerTime });
    const downloading = this.page.waitForEvent("download");
    await link.click();
    const download = await downloading;
    expect(download.suggestedFilename()).toBe("seatledger.cer");
    return download.path();
  }

  /** The thumbprint the portal must show, upper-case hex. */
  async thumbprint(): Promise<string> {
    return this.page.getByText(/^[0-9A-F]{40}$/).innerText();
  }

  async verifyKeyPair(): Promise<void> {
    await this.page.getByRole("button", { name: "Verify the certificate" }).click();
  }
}
