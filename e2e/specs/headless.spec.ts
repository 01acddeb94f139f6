import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { promisify } from "node:util";
import { skus } from "#simulator/seed/skus";
import { exportPackage } from "../export-package.ts";
import { expect, test } from "../fixtures.ts";
import { installation } from "../installation.ts";
import { registeredAppOf, simulator, type Truth } from "../simulator.ts";

const run = promisify(execFile);

/** Runs one of the guide's scripts as its reader would, in a workspace of its own. */
async function runGuide(
  script: string,
  given: { readonly args?: readonly string[]; readonly env: Readonly<Record<string, string>> },
) {
  const command = `{ ${blockOf("sh token")} } >&2\nexec node "$0" "$@"`;
  return run("bash", ["-euc", command, script, ...(given.args ?? [])], {
    env: {
      NODE_ENV: "production",
      PATH: process.env.PATH,
      HOME: process.env.HOME,
      DATABASE_URL: "embedded",
      DATA_DIR: installation.dataDir,
      APP_URL: installation.appUrl,
      WORKSPACE: `script-${randomUUID().slice(0, 8)}`,
      ...given.env,
    },
  });
}
const guide = readFileSync("docs/guide/connect-by-api.md", "utf8");

/** The code block of the guide with that info string. */
function blockOf(info: string): string {
  const found = new RegExp(`^\`\`\`${info}\\n(.*?)^\`\`\`$`, "ms").exec(guide)?.[1];
  if (found === undefined) throw new Error(`The guide has no block "${info}".`);
  return found;
}

test("the guide's script connects a tenant by command line and API alone and prints its licenses", async ({
  workspace,
}, testInfo) => {
  const tenant = await workspace.tenant({ profile: "acquired", size: 120 });
  const { clientId, secret } = registeredAppOf(tenant);
  const script = testInfo.outputPath("connect.mjs");
  writeFileSync(script, blockOf("js connect.mjs"));
  const { stdout, stderr } = await runGuide(script, {
    env: { TENANT_ID: tenant.id, CLIENT_ID: clientId, CLIENT_SECRET: secret.value },
  });
  expect(stderr).toContain("The import succeeded.");
  const truth = await simulator.truth(tenant.id);
  expect(stdout.trim().split("\n").toSorted()).toEqual(truth.skus.map(lineOf).toSorted());
});

test("the guide's other script makes a connection of the deprecated connector and uploads a package", async ({
  page: _,
}, testInfo) => {
  const tenantId = randomUUID();
  const script = testInfo.outputPath("upload.mjs");
  const file = testInfo.outputPath("package.zip");
  writeFileSync(script, blockOf("js upload.mjs"));
  writeFileSync(file, await exportPackage({ tenantId, people: 3 }));
  const { stderr } = await runGuide(script, { args: [file], env: { TENANT_ID: tenantId } });
  expect(stderr).toContain("The import succeeded.");
});

/** What the script has to print of a product: DESIGN §5 applied to the tenant's truth. */
function lineOf(sku: Truth["skus"][number]): string {
  const { partNumber, skuId, appliesTo, units, holders } = sku;
  const entitled = units === null ? 0 : (units.enabled ?? 0) + (units.warning ?? 0);
  const perUser = appliesTo !== "Company";
  const compliance = complianceOf(sku, entitled);
  const figures = perUser
    ? [entitled, holders, entitled - holders]
    : [entitled, "unknown", "unknown"];
  return [partNumber ?? productOf(skuId), ...figures, compliance].join("\t");
}

function complianceOf(sku: Truth["skus"][number], entitled: number): string {
  if (sku.appliesTo === "Company" || freePools.has(sku.partNumber ?? "")) return "not-applicable";
  return sku.holders > entitled ? "at-risk" : "compliant";
}

/** Microsoft's free pools among the simulated products (reference/microsoft-graph.md §5). */
const freePools: ReadonlySet<string> = new Set([
  "FLOW_FREE",
  "POWERAPPS_VIRAL",
  "POWER_BI_STANDARD",
  "TEAMS_EXPLORATORY",
  "WINDOWS_STORE",
]);

/** The part number of a product that the tenant no longer lists. */
const productOf = (skuId: string): string | undefined =>
  Object.values(skus).find((sku) => sku.skuId === skuId)?.partNumber;
