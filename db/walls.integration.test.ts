import { randomUUID } from "node:crypto";
import postgres from "postgres";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { migrateDatabase } from "./migrate.ts";
import { openOwner } from "./owner.ts";
import { createWorkspace } from "./testing/factories.ts";
import { createTestDatabase, dropDatabase, type TestDatabase } from "./testing/test-database.ts";

/** Reference/fault-catalogue.md C19: the walls around every table, whatever a later migration adds. */

const roles = ["web", "worker"] as const;
type Role = (typeof roles)[number];

interface Table {
  readonly name: string;
  /** The column that names the workspace. */
  readonly key: string;
}

let db: TestDatabase;
let tables: readonly Table[];
let sessions: Readonly<Record<Role, postgres.Sql>>;
const mine = randomUUID();
const theirs = randomUUID();

beforeAll(async () => {
  db = await createTestDatabase();
  sessions = {
    web: postgres(db.urls.web, { max: 1, onnotice: () => undefined }),
    worker: postgres(db.urls.worker, { max: 1, onnotice: () => undefined }),
  };
  tables = await db.ownerSql<Table[]>`
    select c.relname as name, case c.relname when 'workspaces' then 'id' else 'workspace_id' end as key
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = 'workspaces' or exists (
        select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped))
    order by c.relname`;
  await fillEveryTable();
});
afterAll(async () => {
  await Promise.all(roles.map((role) => sessions[role].end({ timeout: 5 })));
  await db.close();
});

/** One row of each workspace in each table, as the superuser and without foreign keys: what is in them is no matter. */
async function fillEveryTable(): Promise<void> {
  const url = new URL(inject("superuserUrl"));
  url.pathname = new URL(db.urls.owner).pathname;
  const superuser = postgres(url.href, { max: 1 });
  try {
    await superuser`set session_replication_role = replica`;
    for (const table of tables) {
      for (const workspace of [mine, theirs]) {
        await superuser.unsafe(await insertOf(superuser, table, workspace));
      }
    }
  } finally {
    await superuser.end();
  }
}

/** An insert with a value for every column that needs one. */
async function insertOf(sql: postgres.Sql, table: Table, workspace: string): Promise<string> {
  const columns = await sql<{ name: string; type: string }[]>`
    select a.attname as name, format_type(a.atttypid, null) as type
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = ${`public.${table.name}`}::regclass and a.attnum > 0 and not a.attisdropped
      and a.attnotnull and d.adnum is null and a.attidentity = ''`;
  const values = columns.map(({ name, type }) =>
    name === table.key ? `'${workspace}'` : sampleOf(type),
  );
  const names = columns.map(({ name }) => `"${name}"`);
  return `insert into public.${table.name} (${names.join(", ")}) values (${values.join(", ")})`;
}

function sampleOf(type: string): string {
  if (type === "uuid") return "gen_random_uuid()";
  if (type.endsWith("[]")) return "'{}'";
  if (type === "text") return "gen_random_uuid()::text";
  if (type === "jsonb") return "'{}'";
  if (type === "boolean") return "false";
  if (type === "date" || type.startsWith("timestamp")) return "now()";
  if (/^(integer|bigint|smallint|double precision|real|numeric.*)$/.test(type)) return "1";
  if (type === "bytea") return "'\\x00'";
  throw new Error(`The test knows no value of type ${type}.`);
}

/** Runs a statement in a transaction of the workspace (or of none) and takes it back. The answer, or its SQLSTATE. */
async function attempt(role: Role, workspace: string | null, statement: string) {
  let answer: { rows: readonly postgres.Row[]; count: number } | string = "";
  await sessions[role]
    .begin(async (tx) => {
      if (workspace !== null) await tx`select set_config('app.workspace_id', ${workspace}, true)`;
      const result = await tx.unsafe(statement);
      answer = { rows: [...result], count: result.count };
      throw new Error("take it back");
    })
    .catch((error: unknown) => {
      if (error instanceof postgres.PostgresError) answer = error.code;
      else if (!(error instanceof Error && error.message === "take it back")) throw error;
    });
  return answer as { rows: readonly postgres.Row[]; count: number } | string;
}

const denied = "42501";

/** What the role may do with the table at all, as the server sees it (any column counts for reading). */
async function rightsOf(role: Role, table: Table) {
  const [rights] = await db.ownerSql<
    { select: boolean; insert: boolean; update: boolean; delete: boolean }[]
  >`
    select has_any_column_privilege(r, t, 'select') as select, has_table_privilege(r, t, 'insert') as insert,
           has_table_privilege(r, t, 'update') as update, has_table_privilege(r, t, 'delete') as delete
    from (select ${`seatledger_${role}`}::name as r, ${`public.${table.name}`} as t) as asked`;
  if (rights === undefined) throw new Error(`No rights of ${table.name} were found.`);
  return rights;
}

describe.each(roles)("%s", (role) => {
  test("sees its workspace's rows in every table, and nobody's without a workspace", async () => {
    expect(tables.length).toBeGreaterThan(30);
    for (const table of tables) {
      const count = `select count(*)::int as n from public.${table.name}`;
      const { select } = await rightsOf(role, table);
      const seen = async (workspace: string | null) => {
        const answer = await attempt(role, workspace, count);
        return typeof answer === "string" ? answer : answer.rows[0]?.n;
      };
      const expected = select ? [0, 1, 0] : [denied, denied, denied];
      expect([table.name, await seen(null), await seen(mine), await seen(randomUUID())]).toEqual([
        table.name,
        ...expected,
      ]);
    }
  });

  test("a query that forgets the workspace changes and removes its own rows only", async () => {
    for (const table of tables) {
      const rights = await rightsOf(role, table);
      const update = `update public.${table.name} set ${table.key} = ${table.key}`;
      const remove = `delete from public.${table.name}`;
      for (const [statement, allowed] of [
        [update, rights.update && rights.select],
        [remove, rights.delete],
      ] as const) {
        const own = await attempt(role, mine, statement);
        const none = await attempt(role, null, statement);
        if (!allowed) expect([table.name, own, none]).toEqual([table.name, denied, denied]);
        else {
          expect([table.name, own]).toEqual([table.name, expect.objectContaining({ count: 1 })]);
          expect([table.name, none]).toEqual([table.name, expect.objectContaining({ count: 0 })]);
        }
      }
    }
  });

  test("another workspace's row is neither written nor moved", async () => {
    for (const table of tables) {
      const foreign = await insertOf(db.ownerSql, table, theirs);
      expect([table.name, await attempt(role, mine, foreign)]).toEqual([table.name, denied]);
      expect([table.name, await attempt(role, null, foreign)]).toEqual([table.name, denied]);
      const move = `update public.${table.name} set ${table.key} = '${theirs}'`;
      expect([table.name, await attempt(role, mine, move)]).toEqual([table.name, denied]);
    }
  });

  test("may add to the audit log and read it, never change it", async () => {
    const rights = await rightsOf(role, { name: "audit_events", key: "workspace_id" });
    expect(rights).toEqual({ select: true, insert: true, update: false, delete: false });
    expect(await attempt(role, mine, "truncate public.audit_events")).toBe(denied);
  });

  test("reads reference data and cannot change it", async () => {
    for (const name of ["products", "service_plans", "list_prices", "product_revisions"]) {
      const read = await attempt(role, null, `select count(*)::int as n from public.${name}`);
      expect(read).toMatchObject({ count: 1 });
      expect(await attempt(role, null, `delete from public.${name}`)).toBe(denied);
    }
  });

  test("makes nothing of its own in the schemas and cannot open the owner's policy", async () => {
    for (const schema of ["public", "app", "drizzle", "pgboss"]) {
      expect(await attempt(role, null, `create table ${schema}.trap (n int)`)).toBe(denied);
    }
    await attempt(role, null, "set local app.as_owner = 'on'");
    const opened = await attempt(
      role,
      null,
      "select set_config('app.as_owner', 'on', true), (select count(*)::int from public.members) as n",
    );
    expect(opened).toMatchObject({ rows: [{ n: 0 }] });
    expect(
      await attempt(role, null, "set local row_security = off; select * from public.members"),
    ).toBe(denied);
  });
});

test.each(["credentials", "saas_credentials"])(
  "web writes sealed %s and cannot read them back",
  async (name) => {
    const table = `public.${name}`;
    expect(await attempt("web", mine, `select sealed from ${table}`)).toBe(denied);
    expect(await attempt("web", mine, `select * from ${table}`)).toBe(denied);
    const one = { count: 1 };
    expect(await attempt("web", mine, `select id, kid, state from ${table}`)).toMatchObject(one);
    expect(await attempt("web", mine, `update ${table} set sealed = null`)).toMatchObject(one);
    expect(await attempt("worker", mine, `select sealed from ${table}`)).toMatchObject(one);
  },
);

test("the owner too sees nothing unless it says so", async () => {
  const forgetful = postgres(db.urls.owner, { max: 1 });
  try {
    expect(await forgetful`select count(*)::int as n from workspaces`).toEqual([{ n: 0 }]);
  } finally {
    await forgetful.end();
  }
  expect(await db.ownerSql`select count(*)::int as n from workspaces`).toEqual([{ n: 2 }]);
});

describe("migrating", () => {
  test("three at once on an empty database, and again later", async () => {
    const name = `test_${randomUUID().replaceAll("-", "")}`;
    const url = new URL(db.urls.owner);
    await db.ownerSql`create database ${db.ownerSql(name)}`;
    try {
      url.pathname = `/${name}`;
      await Promise.all([1, 2, 3].map(() => migrateDatabase(url.href)));
      await migrateDatabase(url.href);
      const sql = openOwner(url.href);
      expect(await sql`select count(*)::int as n from products`).toEqual([{ n: 620 }]);
      await createWorkspace({ ownerSql: sql });
      await sql.end();
    } finally {
      await dropDatabase(name);
    }
  });

  test("a workspace table without a policy stops it", async () => {
    const [sql, name] = [db.ownerSql, `forgotten_${randomUUID().slice(0, 8)}`];
    await sql`create table ${sql(name)} (workspace_id uuid not null)`;
    try {
      await expect(migrateDatabase(db.urls.owner)).rejects.toThrow(name);
    } finally {
      await sql`drop table ${sql(name)}`;
    }
  });

  test("a view with its owner's rights stops it", async () => {
    const [sql, name] = [db.ownerSql, `seen_${randomUUID().slice(0, 8)}`];
    await sql`create view ${sql(name)} as select workspace_id, name from connections`;
    try {
      await expect(migrateDatabase(db.urls.owner)).rejects.toThrow(name);
    } finally {
      await sql`drop view ${sql(name)}`;
    }
  });
});
