import { expect, type Locator, type Page } from "@playwright/test";
import { workerTime } from "../worker-time.ts";
import { CredentialForm } from "./credential-form.ts";

/** Labels of the steps as the rail shows them. */
export type WizardStepLabel =
  | "Source and method"
  | "Tenant and cloud"
  | "Consent at Microsoft"
  | "App and credential"
  | "Verify"
  | "First import";

/** The wizard that connects a tenant. */
export class WizardPage {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
  }

  /** From the beginning, or at a stored draft. */
  async open(connectionId?: string): Promise<void> {
    await this.page.goto(
      connectionId === undefined
        ? "/connections/new"
        : `/connections/new?connection=${connectionId}`,
    );
  }

  /** The connection the address names; fails before there is a draft. */
  connectionId(): string {
    const id = new URL(this.page.url()).searchParams.get("connection");
    if (id === null) throw new Error(`No connection in ${this.page.url()}`);
    return id;
  }

  get rail(): Locator {
    return this.page.getByRole("navigation", { name: "Steps" });
  }

  async expectStep(label: WizardStepLabel): Promise<void> {
    await expect(this.page.getByRole("region", { name: label, exact: true })).toBeVisible();
    await expect(
      this.rail.getByRole("listitem").filter({ hasText: `${label} (current step)` }),
    ).toHaveAttribute("aria-current", "step");
  }

  method(title: string): Locator {
    return this.page.getByRole("article", { name: title });
  }

  async chooseMultiTenantApp(): Promise<void> {
    await this.page.getByRole("link", { name: "Use the multi-tenant app" }).click();
    await this.expectStep("Tenant and cloud");
  }

  async chooseRegisteredApp(): Promise<void> {
    await this.page.getByRole("link", { name: "Use a registered app" }).click();
    await this.expectStep("Tenant and cloud");
  }

  get name(): Locator {
    return this.page.getByRole("textbox", { name: "Connection name" });
  }

  get tenant(): Locator {
    return this.page.getByRole("textbox", { name: /^Tenant ID/ });
  }

  async saveTenant(answers: { readonly name: string; readonly tenant?: string }): Promise<void> {
    await this.name.fill(answers.name);
    if (answers.tenant !== undefined) await this.tenant.fill(answers.tenant);
    await this.page.getByRole("button", { name: "Save and continue" }).click();
  }

  /** Both first steps in one go. */
  async draft(answers: { readonly name: string; readonly tenant?: string }): Promise<void> {
    await this.open();
    await this.chooseMultiTenantApp();
    await this.saveTenant(answers);
    await this.expectStep("Consent at Microsoft");
  }

  get credential(): CredentialForm {
    return new CredentialForm(this.page);
  }

  /** Both first steps of a registered app in one go. */
  async draftRegisteredApp(answers: {
    readonly name: string;
    readonly tenant: string;
  }): Promise<void> {
    await this.open();
    await this.chooseRegisteredApp();
    await this.saveTenant(answers);
    await this.expectStep("App and credential");
  }

  /** A link of the checklist into Microsoft's portal. */
  portalLink(name: string): Locator {
    return this.page
      .getByRole("region", { name: "In Microsoft's portal" })
      .getByRole("link", { name });
  }

  /** The worker was refused by Microsoft; the app and its credential may be corrected. */
  async expectRefusedCredential(what: RegExp): Promise<void> {
    await this.expectStep("Verify");
    await expect(this.page.getByRole("heading", { name: what })).toBeVisible({
      timeout: workerTime,
    });
  }

  async correctCredential(): Promise<void> {
    await this.page.getByRole("link", { name: "Correct the app or its credential" }).click();
    await this.expectStep("App and credential");
  }

  /** Names of the permissions the consent step lists, in its order. */
  async listedPermissions(): Promise<readonly string[]> {
    const panel = this.page.getByRole("region", { name: "What is requested and why" });
    const labels = await panel
      .getByRole("button", { name: /^Copy / })
      .evaluateAll((buttons) => buttons.map((button) => button.getAttribute("aria-label") ?? ""));
    return labels.map((label) => label.replace(/^Copy /, ""));
  }

  async continueToMicrosoft(): Promise<void> {
    await this.page.getByRole("button", { name: "Continue to Microsoft" }).click();
    await expect(this.page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  }

  async startAgain(): Promise<void> {
    await this.page.getByRole("button", { name: "Start again at Microsoft" }).click();
    await expect(this.page.getByRole("heading", { name: "Pick an account" })).toBeVisible();
  }

  /** A person of the proof leg was refused by the worker, and may start again. */
  async expectRefusedProof(what: RegExp): Promise<void> {
    await this.expectStep("Verify");
    await expect(this.page.getByRole("heading", { name: what })).toBeVisible({
      timeout: workerTime,
    });
    await expect(this.page.getByRole("button", { name: "Start again at Microsoft" })).toBeVisible();
  }

  /** A way to Microsoft ended on a page of our own that says why. */
  async expectOutcome(title: string): Promise<void> {
    await expect(this.page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    await expect(this.page.getByRole("heading", { name: "Nothing was connected" })).toBeVisible();
  }

  async backToConnecting(): Promise<void> {
    await this.page.getByRole("link", { name: "Back to connecting" }).click();
  }

  /** The proof at the end of the first import. */
  async expectImported(tenantName: string): Promise<void> {
    await expect(
      this.page.getByRole("heading", { name: `${tenantName} is published` }),
    ).toBeVisible({ timeout: workerTime });
    await this.expectStep("First import");
  }

  async reviewLicenses(): Promise<void> {
    await this.page.getByRole("link", { name: "Review its licenses" }).click();
    await expect(this.page.getByRole("heading", { level: 1, name: "Licenses" })).toBeVisible();
  }
}
