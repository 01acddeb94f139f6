import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";

const debians = "/usr/bin/chromium";

/**
 * Path of the Chromium the tests use: CHROMIUM_PATH, else Debian's, else Playwright's own, else Debian's is installed
 * (as root). Ends the process with what to do when there is none. Source: DESIGN §3.
 */
export function ensureChromium() {
  const wanted = process.env.CHROMIUM_PATH;
  if (wanted) {
    if (existsSync(wanted)) return wanted;
    fail(`CHROMIUM_PATH names ${wanted}, which does not exist.`);
  }
  if (existsSync(debians)) return debians;
  const own = findPlaywrights();
  if (own) return own;
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    console.log("Installing Chromium (apt-get install chromium) …");
    const apt = (...args) =>
      spawnSync("apt-get", args, {
        stdio: "inherit",
        env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
      });
    apt("update", "-qq");
    apt("install", "-y", "-qq", "--no-install-recommends", "chromium");
    if (existsSync(debians)) return debians;
  }
  return fail(
    "The tests need Chromium: set CHROMIUM_PATH, or run `npx playwright install --with-deps chromium`.",
  );
}

function findPlaywrights() {
  const { chromium } = createRequire(import.meta.url)("@playwright/test");
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
