import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";
import { installation } from "./e2e/installation.ts";

const debians = "/usr/bin/chromium";
/** CHROMIUM_PATH, else Debian's, else Playwright's own (DESIGN §3). */
const chromium = process.env.CHROMIUM_PATH || (existsSync(debians) ? debians : undefined);

export default defineConfig({
  testDir: "e2e/specs",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // One failure in a hundred must not stop a release; it is printed as flaky, with its trace, and to be looked into.
  retries: process.env.CI === undefined ? 0 : 1,
  // A limit for what hangs: two cores under load take four times as long as a quiet machine.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: process.env.CI !== undefined,
  reporter: [["list"]],
  use: {
    ...devices["Desktop Chrome"],
    baseURL: installation.appUrl,
    viewport: { width: 1440, height: 900 },
    colorScheme: "light",
    locale: "en-GB",
    timezoneId: "UTC",
    trace: "retain-on-failure",
    launchOptions: {
      args: ["--no-sandbox"],
      ...(chromium === undefined ? {} : { executablePath: chromium }),
    },
  },
  projects: [{ name: "chromium" }],
  webServer: {
    name: "seatledger",
    command: `"${process.execPath}" e2e/stack.ts`,
    url: `${installation.appUrl}/api/v1/ready`,
    timeout: 120_000,
    reuseExistingServer: false,
    gracefulShutdown: { signal: "SIGTERM", timeout: 40_000 },
    stdout: process.env.E2E_LOGS ? "pipe" : "ignore",
  },
});
