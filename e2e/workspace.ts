import { randomUUID } from "node:crypto";
import { type Browser, type BrowserContext, expect, type Page } from "@playwright/test";
import type { Database } from "#db/client";
import { listAuditRows } from "#db/queries/audit";
import type { ImportState } from "#lib/domain/import";
import type { Role } from "#lib/domain/role";
import type { TenantRequest } from "#simulator/specs";
import type { Person } from "#simulator/types";
import { addMember } from "../cli/commands/member-add.ts";
import { createToken } from "../cli/commands/token-create.ts";
import { createWorkspace } from "../cli/commands/workspace-create.ts";
import { type Api, createApi, runImport, runPackage } from "./api.ts";
import { packageOfTenant } from "./export-package.ts";
import { directoryIds } from "./installation.ts";
import { SignInPage } from "./pages/sign-in-page.ts";
import {
  ControlError,
  personOf,
  registeredAppOf,
  type SimulatedTenant,
  simulator,
} from "./simulator.ts";
import { workerTime } from "./worker-time.ts";

/** A tenant connected to a workspace, and how its first import ended. */
export interface ConnectedTenant {
  readonly tenant: SimulatedTenant;
  readonly connectionId: string;
  readonly importId: string;
  readonly state: ImportState;
}

export interface WorkspaceOptions {
  readonly db: Database;
  readonly browser: Browser;
  /** Called with each browser context before its first page. */
  readonly watch: (context: BrowserContext) => void;
}

/** A workspace of one test: its people, tokens and tenants, made the way the product makes them. */
export class TestWorkspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly db: Database;
  readonly #browser: Browser;
  readonly #watch: WorkspaceOptions["watch"];
  readonly #directory: SimulatedTenant;
  readonly #tenants: SimulatedTenant[] = [];
  readonly #contexts: BrowserContext[] = [];
  readonly #members = new Map<Role, Promise<Member>>();
  #api: Promise<Api> | undefined;

  private constructor(
    options: WorkspaceOptions,
    row: { readonly id: string; readonly slug: string; readonly name: string },
    directory: SimulatedTenant,
  ) {
    this.id = row.id;
    this.slug = row.slug;
    this.name = row.name;
    this.db = options.db;
    this.#browser = options.browser;
    this.#watch = options.watch;
    this.#directory = directory;
  }

  static async create(
    options: WorkspaceOptions & { readonly name?: string },
  ): Promise<TestWorkspace> {
    const slug = `e2e-${randomUUID().slice(0, 8)}`;
    const row = await createWorkspace(options.db, {
      slug,
      name: options.name ?? `Workspace ${slug}`,
      ownerTenantId: null,
    });
    return new TestWorkspace(options, row, await borrowDirectory());
  }

  /** A signed-in person with that role in a browser of their own; the same one when asked again. */
  member(role: Role): Promise<Member> {
    const known = this.#members.get(role) ?? this.#signIn(role);
    this.#members.set(role, known);
    return known;
  }

  /** The page of `member(role)`. */
  async pageOf(role: Role): Promise<Page> {
    return (await this.member(role)).page;
  }

  /** The tenant its members sign in from. */
  get directoryId(): string {
    return this.#directory.id;
  }

  /** A person of the workspace's own directory who is no member of it. */
  stranger(): Person {
    return this.#person(3);
  }

  /** A guest of that directory. */
  guest(): Person {
    return personOf(this.#directory, "guest");
  }

  /** Makes somebody a member without signing them in. Returns the person and the member's id. */
  async addPerson(role: Role): Promise<{ readonly person: Person; readonly memberId: string }> {
    const person = this.#person(this.#members.size);
    const { memberId } = await addMember(this.db, {
      workspaceId: this.id,
      tenantId: this.#directory.id,
      objectId: person.oid,
      name: `${person.givenName} ${person.surname}`,
      role,
    });
    return { person, memberId };
  }

  /** A browser context without a session, watched like the others. */
  async visitor(): Promise<Page> {
    const context = await this.#browser.newContext();
    this.#contexts.push(context);
    this.#watch(context);
    return context.newPage();
  }

  /** A fresh API token. */
  async api(role: Role): Promise<Api> {
    const { token } = await createToken(this.db, {
      workspaceId: this.id,
      name: `Inventory script ${role}`,
      role,
      days: 1,
    });
    return createApi(token);
  }

  /** The set-up's own token, of an owner. */
  setUp(): Promise<Api> {
    this.#api ??= this.api("owner");
    return this.#api;
  }

  /** A simulated tenant that ends with the test. */
  async tenant(request: Partial<TenantRequest> = {}): Promise<SimulatedTenant> {
    const tenant = await simulator.createTenant({ size: 60, ...request });
    this.#tenants.push(tenant);
    return tenant;
  }

  /** A tenant connected by its registered app and imported, through the API. */
  async connectedTenant(request: Partial<TenantRequest> = {}): Promise<ConnectedTenant> {
    return this.connectImported(await this.tenant(request));
  }

  /** A tenant that exists already, connected by its registered app and imported. */
  async connectImported(tenant: SimulatedTenant): Promise<ConnectedTenant> {
    const connectionId = await this.connect(tenant);
    const { id: importId, state } = await runImport(await this.setUp(), connectionId);
    return { tenant, connectionId, importId, state };
  }

  /** Connects a tenant by its registered app. Returns the connection's id. */
  async connect(tenant: SimulatedTenant): Promise<string> {
    const { clientId, secret } = registeredAppOf(tenant);
    const api = await this.setUp();
    const { id } = await api.post<{ id: string }>("/connections", {
      name: tenant.name.replace(/[^A-Za-z0-9 _]/g, "").slice(0, 60),
      source: "microsoft-365",
      method: "registered-app",
      cloud: "global",
      tenantId: tenant.id,
      clientId,
      credential: { kind: "secret", secret: secret.value },
    });
    return id;
  }

  /** A tenant that exists already, connected by the deprecated connector with a package of what it holds, imported. */
  async connectPackages(tenant: SimulatedTenant): Promise<ConnectedTenant> {
    const api = await this.setUp();
    const { id: connectionId } = await api.post<{ id: string }>("/connections", {
      name: "Collected by PowerShell",
      source: "office-365-deprecated",
      tenantId: tenant.id,
    });
    const content = await packageOfTenant(await simulator.truth(tenant.id));
    const { id: importId, state } = await runPackage(api, connectionId, content);
    return { tenant, connectionId, importId, state };
  }

  /** Actions in the audit log, newest first. */
  async audited(): Promise<readonly string[]> {
    const rows = await this.db.outside((tx) =>
      listAuditRows(tx, { workspaceId: this.id, before: null, limit: 100 }),
    );
    return rows.map(({ action }) => action);
  }

  async expectAudited(action: string): Promise<void> {
    await expect
      .poll(() => this.audited(), { message: "audit log", timeout: workerTime })
      .toContain(action);
  }

  /** Closes the browsers and gives the simulated tenants back. */
  async close(): Promise<void> {
    for (const context of this.#contexts) await context.close();
    for (const { id } of [...this.#tenants, this.#directory]) await simulator.deleteTenant(id);
  }

  async #signIn(role: Role): Promise<Member> {
    const { person, memberId } = await this.addPerson(role);
    const page = await this.visitor();
    await new SignInPage(page).signIn(person);
    return { page, person, memberId };
  }

  #person(index: number): Person {
    const person = this.#directory.people.filter(({ role }) => role !== "guest")[index];
    if (person === undefined) throw new Error("The workspace's directory has four people only.");
    return person;
  }
}

/** Somebody who is signed in, with a browser of their own. */
export interface Member {
  readonly page: Page;
  readonly person: Person;
  readonly memberId: string;
}

/** The first tenant of the list that nobody has: the simulator refuses an id that is in use. */
async function borrowDirectory(): Promise<SimulatedTenant> {
  for (const id of directoryIds) {
    try {
      return await simulator.createTenant({ id, size: 10, app: null });
    } catch (error) {
      if (!(error instanceof ControlError && error.status === 409)) throw error;
    }
  }
  throw new Error("Every directory is lent: a test did not give its own back.");
}
