import { expect, type Locator, type Page } from "@playwright/test";
import type { TestOrganisation } from "../saas.ts";
import { workerTime } from "../worker-time.ts";
import { ConsolePage } from "./console-page.ts";

/** Connecting through SaaS Management, and the organisations in Settings. */
export class SaasPage extends ConsolePage {
  constructor(page: Page) {
    super(page);
  }

  /** From the method cards to the step that asks for the organisation. */
  async begin(): Promise<void> {
    await this.page.goto("/connections/new");
    await this.page.getByRole("link", { name: "Use SaaS Management" }).click();
    await this.expectStep("Organisation");
  }

  async expectStep(label: string): Promise<void> {
    await expect(this.page.getByRole("region", { name: label, exact: true })).toBeVisible({
      timeout: workerTime,
    });
  }

  /** The steps with their answers. */
  get rail(): Locator {
    return this.page.getByRole("navigation", { name: "Steps" });
  }

  get form(): Locator {
    return this.page.getByRole("form", { name: "Organisation" });
  }

  /** Fills the form with a refresh token and sends it. */
  async enter(answers: {
    readonly name: string;
    readonly region: string;
    readonly organisation: Pick<TestOrganisation, "orgId" | "refreshToken">;
  }): Promise<void> {
    const { name, region, organisation } = answers;
    await this.form.getByRole("textbox", { name: "Name" }).fill(name);
    await this.form.getByRole("radio", { name: region }).check();
    await this.form.getByRole("textbox", { name: "Organisation ID" }).fill(organisation.orgId);
    await this.form.getByRole("textbox", { name: "Refresh token" }).fill(organisation.refreshToken);
    await this.form.getByRole("button", { name: "Save and verify" }).click();
  }

  /** An application of the organisation, by the tenant it was made of. */
  application(tenantName: string): Locator {
    return this.page.getByRole("article", { name: `Microsoft 365 ${tenantName}` });
  }

  /** Says which tenant an application stands for, and waits for its import. */
  async connect(
    tenantName: string,
    answers: { readonly tenant: string | { readonly id: string }; readonly name?: string },
  ): Promise<void> {
    const application = this.application(tenantName);
    const { tenant, name } = answers;
    const choice = application.getByRole("combobox", { name: "Tenant" });
    if (typeof tenant === "string") {
      const option = choice.locator("option").filter({ hasText: tenant });
      await choice.selectOption(await option.getAttribute("value"));
    } else {
      await choice.selectOption("other");
      await application.getByRole("textbox", { name: "Tenant ID" }).fill(tenant.id);
    }
    if (name !== undefined) {
      await application.getByRole("textbox", { name: "Connection name" }).fill(name);
    }
    await application.getByRole("button", { name: "Connect and import" }).click();
  }

  connectionId(): string {
    const id = new URL(this.page.url()).searchParams.get("connection");
    if (id === null) throw new Error(`No connection in ${this.page.url()}`);
    return id;
  }

  /** The first import was published; the way to the switch is offered. */
  async expectImported(): Promise<void> {
    await expect(
      this.page.getByRole("link", { name: "Preview the switch to SaaS Management" }),
    ).toBeVisible({ timeout: workerTime });
    // Nothing that was not read is shown as a zero that agrees.
    await expect(this.page.getByText("Microsoft's count")).toHaveCount(0);
    await expect(this.page.getByText("SaaS Management does not tell this.").first()).toBeVisible();
    await expect(this.page.getByText("The uploaded package")).toHaveCount(0);
  }

  /** An organisation in Settings → Integrations. */
  organisation(name: string): Locator {
    return this.page.getByRole("region", { name, exact: true });
  }

  async openSettings(): Promise<void> {
    await this.page.goto("/settings/integrations");
    await expect(
      this.page.getByRole("region", { name: "SaaS Management organisations" }),
    ).toBeVisible();
  }

  /** Sends another name for an organisation. */
  async rename(name: string, to: string): Promise<void> {
    const organisation = this.organisation(name);
    await organisation.getByRole("button", { name: `Rename ${name}` }).click();
    const form = organisation.getByRole("form", { name: `Name of ${name}` });
    await form.getByRole("textbox", { name: "Name" }).fill(to);
    await form.getByRole("button", { name: "Save name" }).click();
  }

  /** Replaces an organisation's credential by a service account. */
  async replaceCredential(name: string, client: TestOrganisation["client"]): Promise<void> {
    const organisation = this.organisation(name);
    await organisation.getByRole("button", { name: `Replace the credential of ${name}` }).click();
    const form = organisation.getByRole("form", { name: `New credential of ${name}` });
    await form.getByRole("radio", { name: "Service account" }).check();
    await form.getByRole("textbox", { name: "Client ID" }).fill(client.id);
    await form.getByRole("textbox", { name: "Client secret" }).fill(client.secret);
    await form.getByRole("button", { name: "Save and verify" }).click();
    await expect(organisation.getByText(/^Service account without a known expiry/)).toBeVisible({
      timeout: workerTime,
    });
  }
}
