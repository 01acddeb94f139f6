import { type BrowserContext, test as base, expect } from "@playwright/test";
import type { Database } from "#db/client";
import { acquireEmbedded } from "#db/embedded/acquire";
import { openOwnerDatabase } from "#db/owner";
import { installation } from "./installation.ts";
import { TestWorkspace } from "./workspace.ts";

interface WorkerFixtures {
  /** The owner of the installation's database, as the command line uses it. */
  readonly ownerDatabase: Database;
}

interface TestFixtures {
  /** Watches a browser context; what it reports fails the test at its end. */
  readonly watch: (context: BrowserContext) => void;
  /** This test's own workspace. */
  readonly workspace: TestWorkspace;
  /** Another customer of the same installation. */
  readonly otherWorkspace: TestWorkspace;
}

/** Reports of the browser that no page may cause: blocked by the policy, or an error nobody caught. */
const isViolation = (text: string): boolean => /content security policy/i.test(text);

export const test = base.extend<TestFixtures, WorkerFixtures>({
  ownerDatabase: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names of the fixtures from the pattern
    async ({}, use) => {
      const lease = await acquireEmbedded(installation.dataDir);
      const db = openOwnerDatabase(lease.urls.owner);
      await use(db);
      await db.close();
      await lease.release();
    },
    { scope: "worker" },
  ],
  // biome-ignore lint/correctness/noEmptyPattern: as above
  watch: async ({}, use) => {
    const reports: string[] = [];
    await use((context) => {
      context.on("console", (message) => {
        if (isViolation(message.text()))
          reports.push(`${message.page()?.url()}: ${message.text()}`);
      });
      context.on("weberror", (error) => {
        reports.push(`${error.page()?.url()}: ${error.error().stack ?? error.error().message}`);
      });
    });
    expect(reports, "violations of the content security policy and uncaught errors").toEqual([]);
  },
  workspace: async ({ ownerDatabase: db, browser, watch }, use) => {
    const workspace = await TestWorkspace.create({ db, browser, watch });
    await use(workspace);
    await workspace.close();
  },
  otherWorkspace: async ({ ownerDatabase: db, browser, watch }, use) => {
    const workspace = await TestWorkspace.create({ db, browser, watch });
    await use(workspace);
    await workspace.close();
  },
});

export { expect };
