import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { DatabaseRoleError, openDatabase, type ProgramRole } from "./client.ts";
import { createWorkspace } from "./testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

let db: TestDatabase;
beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.close();
});

const open = (url: string, role: ProgramRole) =>
  openDatabase({ url, role, applicationName: "test" }).then((opened) => opened.close());

describe("start refuses a role with more or other rights than the program's", () => {
  test("the owner", async () => {
    await expect(open(db.urls.owner, "web")).rejects.toThrow(/owns the tables/);
  });

  test("the other program's role", async () => {
    await expect(open(db.urls.worker, "web")).rejects.toThrow(/not this program's role/);
    await expect(open(db.urls.web, "worker")).rejects.toThrow(DatabaseRoleError);
  });

  test.each([
    ["a superuser", "superuser", /is a superuser/],
    ["a role with BYPASSRLS", "bypassrls", /BYPASSRLS/],
    ["a member of the owner's role", "in role seatledger_owner", /owns the tables/],
  ])("%s", async (_, rights, message) => {
    const admin = postgres(inject("superuserUrl"), { max: 1 });
    const role = `test_${randomUUID().replaceAll("-", "")}`;
    try {
      await admin.unsafe(`create role ${role} login password 'x' ${rights}`);
      const url = new URL(db.urls.web);
      url.username = role;
      url.password = "x";
      await expect(open(url.href, "web")).rejects.toThrow(message);
    } finally {
      await admin.unsafe(`drop role ${role}`);
      await admin.end();
    }
  });

  test("the message names no password", async () => {
    const password = new URL(db.urls.owner).password;
    const error = await open(db.urls.owner, "web").catch((caught: unknown) => caught);
    expect(String(error)).toContain("seatledger_owner");
    expect(String(error)).not.toContain(password);
  });
});

test("the workspace setting ends with its transaction, also on a reused connection", async () => {
  const { workspaceId } = await createWorkspace(db);
  const single = await openDatabase({
    url: db.urls.web,
    role: "web",
    applicationName: "test",
    max: 1,
  });
  const count = sql`select count(*)::int as n from workspaces`;
  try {
    expect([...(await single.outside((tx) => tx.execute(count)))]).toEqual([{ n: 0 }]);
    expect([...(await single.inWorkspace(workspaceId, (tx) => tx.execute(count)))]).toEqual([
      { n: 1 },
    ]);
    await expect(
      single.inWorkspace(workspaceId, async () => {
        throw new Error("rolled back");
      }),
    ).rejects.toThrow("rolled back");
    expect([...(await single.outside((tx) => tx.execute(count)))]).toEqual([{ n: 0 }]);
  } finally {
    await single.close();
  }
});
