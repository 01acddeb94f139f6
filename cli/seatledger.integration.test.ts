import { spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { findApiToken } from "#db/queries/tokens";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { createOpener, createSealer } from "#lib/services/sealing";

let db: TestDatabase;
let folder: string;
beforeAll(async () => {
  db = await createTestDatabase();
  folder = mkdtempSync(join(tmpdir(), "seatledger-cli-"));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await db.close();
});

/** Runs `seatledger` as a person would, from an empty environment but for `env`. */
function seatledger(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const owner = { MIGRATION_DATABASE_URL: db.urls.owner };
  const result = spawnSync(process.execPath, ["cli/seatledger.ts", ...args], {
    encoding: "utf8",
    env: { NODE_ENV: "test", ...owner, ...env },
  });
  const lines = result.stdout.trimEnd().split("\n");
  return { code: result.status, lines, last: lines.at(-1) ?? "", errors: result.stderr.trim() };
}

const newSlug = () => `w-${randomUUID().slice(0, 8)}`;

test("a workspace gets the list prices as its price book; its slug is taken then", async () => {
  const slug = newSlug();
  const create = ["workspace", "create", "--slug", slug, "--name", "Contoso Group"];
  const created = seatledger(create);
  expect([created.code, created.errors]).toEqual([0, ""]);
  const prices = await db.ownerSql`
    select count(*)::int as n, bool_and(source = 'list' and currency = 'USD') as listed
    from prices where workspace_id = ${created.last}`;
  expect([...prices]).toEqual([{ n: 76, listed: true }]);
  const again = seatledger(create);
  expect([again.code, again.errors]).toEqual([1, `There is a workspace "${slug}" already.`]);
});

test("a token is printed alone on the last line, works, and is audited without its text", async () => {
  const slug = newSlug();
  const workspaceId = seatledger(["workspace", "create", "--slug", slug, "--name", "W"]).last;
  const args = ["token", "create", "--workspace", slug, "--role", "auditor", "--name", "Export"];
  const { last: token } = seatledger([...args, "--expires", "2"]);
  const found = await db.web.outside((tx) => findApiToken(tx, token));
  expect(found).toMatchObject({ workspaceId, role: "auditor", name: "Export" });
  const [row] = await db.ownerSql`
    select round(extract(epoch from expires_at - created_at) / 86400)::int as days
    from api_tokens where workspace_id = ${workspaceId}`;
  expect(row).toEqual({ days: 2 });
  const audit = await db.ownerSql`
    select action, to_jsonb(a)::text as text from audit_events a where workspace_id = ${workspaceId} order by id`;
  expect(audit.map((event) => event.action)).toEqual(["workspace.created", "token.created"]);
  expect(audit.map((event) => event.text).join()).not.toContain(token);
});

test("a member is added once and changed after that", async () => {
  const slug = newSlug();
  const workspaceId = seatledger(["workspace", "create", "--slug", slug, "--name", "W"]).last;
  const [tenant, object] = [randomUUID(), randomUUID()];
  const add = (role: string) =>
    seatledger(
      ["member", "add", "--workspace", slug, "--tenant", tenant.toUpperCase()].concat([
        "--object",
        object,
        "--name",
        "Ann Lee",
        "--role",
        role,
      ]),
    );
  expect(add("owner").last).toBe(add("viewer").last);
  const members = await db.ownerSql`
    select tenant_id, role from members where workspace_id = ${workspaceId}`;
  expect([...members]).toEqual([{ tenant_id: tenant, role: "viewer" }]);
});

test("generated keys seal and open", async () => {
  const { lines } = seatledger(["keys", "generate"]);
  const value = (name: string) => {
    const line = lines.find((each) => each.startsWith(`${name}=`));
    return JSON.parse(line?.slice(name.length + 1) ?? "");
  };
  const binding = { connectionId: "c", credentialId: "k", field: "secret", version: 1 } as const;
  const sealer = await createSealer(value("SECRETS_PUBLIC_KEY"));
  const opener = await createOpener(value("SECRETS_PRIVATE_KEYS"));
  expect(await opener.open(await sealer.seal("s3cret", binding), binding)).toBe("s3cret");
});

test("a newer product table is loaded, an older one refused, another file told", async () => {
  const file = join(folder, "products.csv");
  const sku = randomUUID();
  const header =
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names";
  writeFileSync(
    file,
    `\ufeff${header}\r\nNew thing,NEW,${sku.toUpperCase()},P,${randomUUID()},Plan\r\n`,
  );
  const load = (revision: string, path = file) =>
    seatledger(["products", "load", path, "--revision", revision]);
  expect(load("2020-01-01").errors).toBe("Revision 2026-08-19 is in use, which is not older.");
  expect(load("2027-01-01").code).toBe(0);
  const names = await db.web.outside((tx) =>
    tx.execute(`select display_name from products where sku_id = '${sku}'`),
  );
  expect([...names]).toEqual([{ display_name: "New thing" }]);
  expect(load("yesterday").code).toBe(2);
  writeFileSync(file, "a,b\n");
  expect(load("2028-01-01")).toMatchObject({ code: 1 });
  expect(load("2028-01-01", join(folder, "none.csv")).errors).toMatch(/cannot be read/);
});

test("an unknown workspace and a missing environment are told in one line", () => {
  const args = ["token", "create", "--workspace", "nowhere", "--role", "viewer", "--name", "x"];
  expect(seatledger(args)).toMatchObject({ code: 1, errors: 'There is no workspace "nowhere".' });
  const blind = seatledger(["migrate"], { MIGRATION_DATABASE_URL: "" });
  expect([blind.code, blind.errors.split("\n")]).toEqual([
    1,
    [expect.stringMatching(/^MIGRATION_DATABASE_URL is missing/)],
  ]);
});

test("doctor tells what is wrong and what is not", () => {
  const { code, lines } = seatledger(["doctor"], { DATABASE_URL: db.urls.web });
  expect(code).toBe(1);
  expect(lines).toContain("WRONG APP_URL is missing.");
  expect(lines).toContain("ok    database answers, role seatledger_web");
  expect(lines).toContain("ok    migrations are complete");
  expect(lines).toContain("WRONG no worker was ever seen");
  const wrongRole = seatledger(["doctor"], { DATABASE_URL: db.urls.owner });
  expect(wrongRole.lines.join("\n")).toMatch(/owns the tables/);
});
