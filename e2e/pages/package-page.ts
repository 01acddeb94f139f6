import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";
import { ConsolePage } from "./console-page.ts";

/** A file as it is chosen in a form. */
interface ChosenFile {
  readonly name: string;
  readonly content: Buffer | string;
}

/** Uploading to a connection of the deprecated connector, in the wizard and on the connection's page. */
export class PackagePage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  /** From the method cards to the step that takes packages. */
  async draft(answers: { readonly name: string; readonly tenant: string }): Promise<void> {
    await this.page.goto("/connections/new");
    await this.page.getByRole("link", { name: "Use the PowerShell connector" }).click();
    await this.page.getByRole("textbox", { name: "Connection name" }).fill(answers.name);
    await this.page.getByRole("textbox", { name: "Tenant ID" }).fill(answers.tenant);
    await this.page.getByRole("button", { name: "Save and continue" }).click();
    await expect(this.page.getByRole("region", { name: "Export package" })).toBeVisible();
  }

  connectionId(): string {
    const id = new URL(this.page.url()).searchParams.get("connection");
    if (id === null) throw new Error(`No connection in ${this.page.url()}`);
    return id;
  }

  get form(): Locator {
    return this.page.getByRole("form", { name: "Upload" });
  }

  get packages(): Locator {
    return this.page.getByRole("region", { name: "Packages received" });
  }

  /** The newest upload's row. */
  get newest(): Locator {
    return this.packages
      .getByRole("table", { name: "Packages" })
      .locator("tbody")
      .getByRole("row")
      .first();
  }

  async choose(label: string, file: ChosenFile): Promise<void> {
    const chooser = this.page.waitForEvent("filechooser");
    await this.form.getByRole("button", { name: label, exact: true }).click();
    const { name, content } = file;
    await (await chooser).setFiles({
      name,
      mimeType: "application/octet-stream",
      buffer: Buffer.from(content),
    });
  }

  async upload(file: ChosenFile): Promise<void> {
    await this.choose("Export package", file);
    await this.form.getByRole("button", { name: "Upload" }).click();
  }

  /** Says what was refused and what to do; the worker has looked by then. */
  async expectRefused(what: string | RegExp): Promise<void> {
    await expect(this.newest.getByText("Refused", { exact: true })).toBeVisible({
      timeout: workerTime,
    });
    await expect(this.newest).toContainText(what);
  }

  /** Makes a token and gives its text, which is shown this once. */
  async createToken(name: string): Promise<string> {
    await this.page.getByRole("textbox", { name: "Name of the token" }).fill(name);
    await this.page.getByRole("button", { name: "Create token" }).click();
    const shown = this.page.getByText(/^slup_/);
    await expect(shown).toBeVisible();
    return (await shown.textContent()) ?? "";
  }

  async revokeToken(name: string): Promise<void> {
    const row = this.page.getByRole("table", { name: "Upload tokens" }).getByRole("row", { name });
    await row.getByRole("button", { name: "Revoke" }).click();
    await this.page.getByRole("dialog").getByRole("button", { name: "Revoke" }).click();
    await expect(row).toContainText("Revoked");
  }
}
