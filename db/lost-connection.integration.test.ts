import { sql } from "drizzle-orm";
import postgres from "postgres";
import { afterAll, beforeAll, expect, it } from "vitest";
import { isDatabaseFault } from "#lib/services/database-fault";
import { startTcpProxy, type TcpProxy } from "../worker/chaos/tcp-proxy.ts";
import { type Database, openDatabase } from "./client.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

let db: TestDatabase;
let wire: TcpProxy;
let program: Database;

beforeAll(async () => {
  db = await createTestDatabase();
  wire = await startTcpProxy(() => Number(new URL(db.urls.worker).port));
  const url = new URL(db.urls.worker);
  url.port = String(wire.port);
  // One connection, so that whoever comes next is given the one that was lost.
  program = await openDatabase({ url: url.href, role: "worker", max: 1, applicationName: "lost" });
});
afterAll(async () => {
  await program?.close();
  await wire?.close();
  await db?.close();
});

const answer = () =>
  program.outside((tx) => tx.execute<{ one: number }>(sql`select 1 as one`).then(([row]) => row));

it("a transaction whose connection is reset fails as a fault of the database, and the next one works", async () => {
  for (let round = 0; round < 20; round += 1) {
    const lost = program.outside(async (tx) => {
      await tx.execute(sql`select 1`);
      const waiting = tx.execute(sql`select pg_sleep(60)`);
      setTimeout(() => wire.reset(0), round % 5);
      await waiting;
    });
    await expect(lost).rejects.toSatisfy(isDatabaseFault);
    const startedAt = performance.now();
    expect(await answer()).toEqual({ one: 1 });
    expect(performance.now() - startedAt).toBeLessThan(5000);
  }
});

it("a connection that is reset while it opens fails whoever asked for it, and nobody else", async () => {
  for (let round = 0; round < 80; round += 1) {
    wire.reset(0);
    const asked = answer().catch((error: unknown) => error);
    setTimeout(() => wire.reset(0), round);
    const told = await asked;
    if (told instanceof Error) expect(told).toSatisfy(isDatabaseFault);
    else expect(told).toEqual({ one: 1 });
  }
  expect(await answer()).toEqual({ one: 1 });
});

it("what a lost transaction still asks for never reaches the connection's next user", async () => {
  const begun = Promise.withResolvers<void>();
  const goOn = Promise.withResolvers<void>();
  let late: unknown = null;
  const lost = program.outside(async (tx) => {
    await tx.execute(sql`select 1`);
    begun.resolve();
    await goOn.promise;
    late = await tx
      .execute(sql`select set_config('app.workspace_id', 'stolen', false)`)
      .catch((error: unknown) => error);
  });
  await begun.promise;
  wire.reset(0);
  await expect(lost).rejects.toSatisfy(isDatabaseFault);
  const seen = await program.outside(async (tx) => {
    const [before] = await tx.execute<{ id: string }>(sql`select txid_current()::text as id`);
    goOn.resolve();
    await tx.execute(sql`select pg_sleep(0.2)`);
    const [after] = await tx.execute<{ id: string; workspace: string | null }>(sql`
      select txid_current()::text as id, current_setting('app.workspace_id', true) as workspace`);
    return { same: before?.id === after?.id, workspace: after?.workspace };
  });
  expect(seen.same).toBe(true);
  expect(seen.workspace).not.toBe("stolen");
  expect(late).toSatisfy(isDatabaseFault);
});

it("a statement that fails after some of its rows leaves no gap in the next one's result", async () => {
  const sql = postgres(db.urls.worker, { max: 1, fetch_types: false });
  try {
    const failing = sql`select 1 / (5 - x) from generate_series(1, 10) x`;
    await expect(failing).rejects.toThrow("division by zero");
    expect(Array.from(await sql`select 1 as one`)).toEqual([{ one: 1 }]);
  } finally {
    await sql.end({ timeout: 5 });
  }
});
