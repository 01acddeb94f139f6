import { expect, type Locator, type Page } from "@playwright/test";

import { installation } from "../installation.ts";

/** Microsoft's portal with its app registrations, as the simulator shows it. */
export class PortalPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** Follows a link of the console into the portal, which opens a tab of its own. */
  static async openBy(link: Locator): Promise<PortalPage> {
    const opened = link.page().context().waitForEvent("page");
    await link.click();
    return new PortalPage(await opened);
  }

  /** By the address Microsoft's links have. */
  async openCredentials(tenantId: string, clientId: string): Promise<void> {
    const view = `#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/Credentials/appId/${clientId}`;
    await this.page.goto(`${installation.simulatorUrl}/${tenantId}/${view}`);
  }

  /** The list of registrations, where new ones are made. */
  async openRegistrations(tenantId: string): Promise<void> {
    await this.page.goto(
      `${installation.simulatorUrl}/${tenantId}/#view/Microsoft_AAD_RegisteredApps/ApplicationsListBlade`,
    );
  }

  async openPermissions(tenantId: string, clientId: string): Promise<void> {
    const view = `#view/Microsoft_AAD_RegisteredApps/ApplicationMenuBlade/~/CallAnAPI/appId/${clientId}`;
    await this.page.goto(`${installation.simulatorUrl}/${tenantId}/${view}`);
  }

  async expectThumbprint(thumbprint: string): Promise<void> {
    await expect(this.page.getByRole("cell", { name: thumbprint })).toBeVisible();
  }

  async signIn(who: string): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "Sign in to the portal" })).toBeVisible();
    await this.page.getByRole("button", { name: who }).click();
  }

  /** Registers a single-tenant app. Returns its client ID as the overview shows it. */
  async registerApp(name: string): Promise<string> {
    await this.page.getByRole("textbox", { name: "Name" }).fill(name);
    await this.page.getByRole("button", { name: "Register" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
    return (await this.page.getByRole("definition").first().innerText()).trim();
  }

  async addPermissions(names: readonly string[]): Promise<void> {
    await expect(this.page.getByRole("heading", { name: "API permissions" })).toBeVisible();
    for (const name of names) await this.page.getByRole("checkbox", { name, exact: true }).check();
    await this.page.getByRole("button", { name: "Add permissions" }).click();
  }

  async grantConsent(): Promise<void> {
    await this.page.getByRole("button", { name: /^Grant admin consent/ }).click();
    await expect(this.page.getByText(/^Not granted/)).toHaveCount(0);
  }

  /** Creates a client secret. Returns its value, its ID beside it, and its day of expiry. */
  async newSecret(): Promise<{
    readonly value: string;
    readonly id: string;
    readonly expiresOn: string;
  }> {
    await this.page.getByRole("button", { name: "New client secret" }).click();
    const cells = this.page.getByRole("table").first().getByRole("row").last().getByRole("cell");
    await expect(cells.nth(1)).not.toContainText("*");
    const [expiresOn = "", value = "", id = ""] = await cells.allInnerTexts();
    return { value, id, expiresOn };
  }

  /** Uploads the public part of a certificate; its thumbprint stands in the list afterwards. */
  async uploadCertificate(
    file: { readonly path: string } | { readonly pem: string },
  ): Promise<void> {
    const input = this.page.getByLabel("Certificate file");
    await input.setInputFiles(
      "path" in file
        ? file.path
        : { name: "app.pem", mimeType: "application/x-pem-file", buffer: Buffer.from(file.pem) },
    );
    await this.page.getByRole("button", { name: "Upload certificate" }).click();
  }
}
