import { randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, expect, it } from "vitest";
import { withLookups } from "#db/queries/bulk-plans";
import { createImportStore } from "#db/queries/import-store";
import { pageOfPeopleNotFound } from "#db/queries/people-not-found";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Source } from "#lib/domain/connection";
import type { UserRow } from "#lib/import/ports";
import { assignmentRow, skuRow, userRow } from "#lib/import/testing/rows";
import { cleanUpWorkspace } from "./clean-up.ts";
import type { Ctx } from "./context.ts";
import { listUnmatchedPeople, type UnmatchedPeople } from "./list-unmatched-people.ts";
import { matchPeople } from "./match-people.ts";
import { createMember, createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
beforeAll(async () => {
  db = await createTestDatabase();
  web = await createTestWeb(db);
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

interface Arranged {
  readonly owner: Ctx;
  readonly connectionId: string;
  /** Publishes a source's directory; nobody is matched yet. */
  readonly publish: (source: Source, users: readonly UserRow[]) => Promise<TestConnection>;
}

const worker = () => ({
  db: db.worker,
  log: {
    info: () => undefined,
    error: (event: string, _facts: object, error: unknown) => {
      throw new Error(event, { cause: error });
    },
  },
});
/** What a worker does after a publish, or in its rounds. */
const match = () => matchPeople(worker(), new AbortController().signal);

async function arrange(): Promise<Arranged> {
  const { workspaceId } = await createWorkspace(db);
  const owner = await createMember(db, web.platform, workspaceId, "owner");
  const tenantId = randomUUID();
  const store = createImportStore(db.worker);
  const made = new Map<Source, TestConnection>();
  const connect = async (source: Source) => {
    const connection =
      made.get(source) ?? (await createTestConnection(db, { workspaceId, tenantId, source }));
    made.set(source, connection);
    return connection;
  };
  const { connectionId } = await connect("saas-management");
  return {
    owner,
    connectionId,
    async publish(source, users) {
      const connection = await connect(source);
      await publishDirectory({ db, store, connection }, { skus: [skuRow(1)], users });
      return connection;
    },
  };
}

/** An account of the application: known by `id` alone unless more is given. */
const account = (index: number, given: Partial<UserRow> = {}): UserRow =>
  userRow(index, {
    userPrincipalName: null,
    mail: null,
    accountEnabled: null,
    assignments: [assignmentRow(1)],
    ...given,
  });

const microsoft = [
  userRow(1),
  userRow(2, { userPrincipalName: "Bo@contoso.example" }),
  userRow(3, { userPrincipalName: "cy@contoso.example", mail: "cy.long@contoso.example" }),
  userRow(4, { mail: "team@contoso.example" }),
  userRow(5, { mail: "team@contoso.example" }),
];

it("looks people up by object id, then user principal name, then e-mail; a weak match takes nobody from a strong one", async () => {
  const { owner, connectionId, publish } = await arrange();
  const other = await publish("microsoft-365", microsoft);
  await publish("saas-management", [
    account(1),
    account(12, { mail: "BO@contoso.example" }),
    account(13, { mail: "cy.long@contoso.example" }),
    // The address of somebody who was found by object id already.
    account(14, { mail: "user1@contoso.example" }),
    account(15, { mail: "team@contoso.example" }),
    account(16),
    account(17, { mail: "away@contoso.example", accountEnabled: false, assignments: [] }),
  ]);
  await match();
  const found = await listUnmatchedPeople(owner, { connectionId });
  expect(found.state).toBe("ready");
  expect(found.lookedUpIn).toMatchObject({
    connectionId: other.connectionId,
    source: "microsoft-365",
  });
  expect(found.counts).toEqual({ objectId: 1, userPrincipalName: 1, mail: 1, unmatched: 3 });
  expect(found.items.map(({ mail, reason, seats }) => [mail, reason, seats])).toEqual([
    ["user1@contoso.example", "nobody", 1],
    ["team@contoso.example", "several", 1],
    [null, "nothing-to-match", 1],
  ]);
});

it("two accounts of one address match nobody", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("office-365-deprecated", microsoft);
  await publish("saas-management", [
    account(21, { mail: "bo@contoso.example" }),
    account(22, { mail: "bo@contoso.example" }),
  ]);
  await match();
  const { counts, items } = await listUnmatchedPeople(owner, { connectionId });
  expect(counts).toMatchObject({ userPrincipalName: 0, mail: 0, unmatched: 2 });
  expect(items.map(({ reason }) => reason)).toEqual(["several", "several"]);
});

it("goes on page by page, and begins anew when either side was imported again", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("microsoft-365", microsoft);
  const strangers = Array.from({ length: 5 }, (_, at) => account(30 + at));
  await publish("saas-management", strangers);
  await match();
  const first = await listUnmatchedPeople(owner, { connectionId, limit: 3 });
  const cursor = first.nextCursor ?? "";
  const rest = await listUnmatchedPeople(owner, { connectionId, limit: 3, cursor });
  expect([...first.items, ...rest.items].map(({ userId }) => userId)).toEqual(
    strangers.map(({ userId }) => userId),
  );
  expect(rest.nextCursor).toBeNull();
  await publish("microsoft-365", microsoft.slice(1));
  await expect(
    listUnmatchedPeople(owner, { connectionId, cursor, limit: 3 }),
  ).rejects.toMatchObject({ code: "newer-data" });
  await match();
  await expect(
    listUnmatchedPeople(owner, { connectionId, cursor, limit: 3 }),
  ).rejects.toMatchObject({ code: "newer-data" });
});

it("without other data of the tenant nobody is said to be missing", async () => {
  const { owner, connectionId, publish } = await arrange();
  const nothing = {
    state: "nothing-published",
    items: [],
    nextCursor: null,
    lookedUpIn: null,
    counts: null,
  };
  expect(await listUnmatchedPeople(owner, { connectionId })).toEqual(nothing);
  await publish("saas-management", [account(1)]);
  await match();
  expect(await listUnmatchedPeople(owner, { connectionId })).toEqual(nothing);
});

it("says that people are being looked up from the publish of either side to the match, and never shows the old one", async () => {
  const { owner, connectionId, publish } = await arrange();
  const other = await publish("microsoft-365", microsoft);
  await publish("saas-management", [account(1), account(40)]);
  const looking = {
    state: "computing",
    items: [],
    nextCursor: null,
    counts: null,
    lookedUpIn: { connectionId: other.connectionId },
  };
  expect(await listUnmatchedPeople(owner, { connectionId })).toMatchObject(looking);
  expect(await match()).toBeGreaterThan(0);
  expect(await match()).toBe(0);
  const unmatched = async () => (await listUnmatchedPeople(owner, { connectionId })).counts;
  expect(await unmatched()).toMatchObject({ objectId: 1, unmatched: 1 });

  await publish("microsoft-365", [...microsoft, userRow(40)]);
  expect(await listUnmatchedPeople(owner, { connectionId })).toMatchObject(looking);
  await match();
  expect(await unmatched()).toMatchObject({ objectId: 2, unmatched: 0 });

  await publish("saas-management", [account(1), account(40), account(41)]);
  expect(await listUnmatchedPeople(owner, { connectionId })).toMatchObject(looking);
  await match();
  expect(await unmatched()).toMatchObject({ objectId: 2, unmatched: 1 });
});

it("looks people up in the next source when the one they were looked up in is disconnected", async () => {
  const { owner, connectionId, publish } = await arrange();
  const other = await publish("microsoft-365", microsoft);
  const old = await publish("office-365-deprecated", microsoft.slice(1));
  await publish("saas-management", [account(1), account(2)]);
  await match();
  expect((await listUnmatchedPeople(owner, { connectionId })).counts?.unmatched).toBe(0);
  await db.ownerSql`update connections set status = 'disconnected' where id = ${other.connectionId}`;
  expect(await listUnmatchedPeople(owner, { connectionId })).toMatchObject({ state: "computing" });
  await match();
  expect(await listUnmatchedPeople(owner, { connectionId })).toMatchObject({
    lookedUpIn: { connectionId: old.connectionId, source: "office-365-deprecated" },
    counts: { unmatched: 1 },
  });
});

it("two workers at once match a pair once", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("microsoft-365", microsoft);
  await publish("saas-management", [account(1), account(50)]);
  await Promise.all([match(), match(), match()]);
  const stored =
    await db.ownerSql`select 1 from people_matches where connection_id = ${connectionId}`;
  expect(stored).toHaveLength(1);
  expect((await listUnmatchedPeople(owner, { connectionId })).items).toHaveLength(1);
});

it("finds people by part of a name, a user principal name or an e-mail, page by page", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("microsoft-365", microsoft);
  await publish("saas-management", [
    account(60, { displayName: "Ada Lovelace" }),
    account(61, { displayName: "Bo", userPrincipalName: "ADA.two@fabrikam.example" }),
    account(62, { displayName: "Cy", mail: "countess_ada@fabrikam.example" }),
    account(63, { displayName: "100% Dee" }),
  ]);
  await match();
  const search = async (text: string) => {
    const found: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const page = await listUnmatchedPeople(owner, {
        connectionId,
        search: text,
        limit: 1,
        ...(cursor === "" ? {} : { cursor }),
      });
      expect(page.counts?.unmatched).toBe(4);
      found.push(...page.items.map(({ displayName }) => displayName ?? "?"));
      cursor = page.nextCursor;
    }
    return found;
  };
  expect(await search("ada")).toEqual(["Ada Lovelace", "Bo", "Cy"]);
  expect(await search("s_a")).toEqual(["Cy"]);
  expect(await search("0%")).toEqual(["100% Dee"]);
  expect(await search("lovelace@")).toEqual([]);
  const first = await listUnmatchedPeople(owner, { connectionId, search: "ada", limit: 1 });
  const cursor = first.nextCursor ?? "";
  await expect(
    listUnmatchedPeople(owner, { connectionId, search: "dee", limit: 1, cursor }),
  ).rejects.toMatchObject({ code: "invalid" });
});

it("a page reads the rows of a page, however many were not found", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("microsoft-365", microsoft);
  const many = Array.from({ length: 3000 }, (_, at) => account(100 + at));
  await publish("saas-management", many);
  await match();
  const matchId = (
    await db.ownerSql<{ id: string }[]>`
      select id from people_matches where connection_id = ${connectionId}`
  )[0]?.id;
  const late = pageOfPeopleNotFound({
    workspaceId: owner.workspaceId,
    matchId: Number(matchId),
    afterUserNo: 2900,
    search: undefined,
    limit: 51,
  });
  const plan = await db.web.inWorkspace(owner.workspaceId, (tx) =>
    withLookups(tx, () =>
      tx.execute<{ "QUERY PLAN": string }>(sql`explain (analyze, costs off) ${late}`),
    ),
  );
  const text = plan.map((line) => line["QUERY PLAN"]).join("\n");
  expect(text).toMatch(/Index Scan using people_not_found_\w+_pk .*rows=51/);
  expect(text).not.toMatch(/Rows Removed by Filter: [1-9]|Sort/);
  let cursor: string | null = null;
  const ids: string[] = [];
  do {
    const page: UnmatchedPeople = await listUnmatchedPeople(owner, {
      connectionId,
      limit: 100,
      ...(cursor === null ? {} : { cursor }),
    });
    ids.push(...page.items.map(({ userId }) => userId));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(ids).toEqual(many.map(({ userId }) => userId));
});

it("stays in its workspace, also for a worker that forgets to say which", async () => {
  const one = await arrange();
  const two = await arrange();
  for (const { publish } of [one, two]) {
    await publish("microsoft-365", microsoft);
    await publish("saas-management", [account(70)]);
  }
  await match();
  await expect(
    listUnmatchedPeople(two.owner, { connectionId: one.connectionId }),
  ).rejects.toMatchObject({ code: "not-found" });
  for (const table of ["people_matches", "people_not_found"]) {
    const seen = await db.worker.inWorkspace(two.owner.workspaceId, (tx) =>
      tx.execute<{ workspace_id: string }>(sql.raw(`select distinct workspace_id from ${table}`)),
    );
    expect(seen.map(({ workspace_id }) => workspace_id)).toEqual([two.owner.workspaceId]);
    expect(
      await db.worker.outside((tx) => tx.execute(sql.raw(`select 1 from ${table}`))),
    ).toHaveLength(0);
  }
});

it("keeps the newest match of a connection alone, and none of snapshots that go", async () => {
  const { owner, connectionId, publish } = await arrange();
  const other = await publish("microsoft-365", microsoft);
  await publish("saas-management", [account(80)]);
  await match();
  await publish("microsoft-365", microsoft.slice(1));
  await match();
  const { workspaceId } = owner;
  const signal = new AbortController().signal;
  const stored = async () =>
    db.ownerSql<{ matches: number; rows: number }[]>`
      select (select count(*)::int from people_matches where workspace_id = ${workspaceId}) as matches,
        (select count(*)::int from people_not_found where workspace_id = ${workspaceId}) as rows`;
  expect(await stored()).toEqual([{ matches: 2, rows: 2 }]);
  await cleanUpWorkspace(worker(), { workspaceId }, signal);
  expect(await stored()).toEqual([{ matches: 1, rows: 1 }]);
  expect((await listUnmatchedPeople(owner, { connectionId })).items).toHaveLength(1);
  await db.ownerSql`
    update snapshots set state = 'removing' where connection_id = ${other.connectionId}`;
  await cleanUpWorkspace(worker(), { workspaceId }, signal);
  expect(await stored()).toEqual([{ matches: 0, rows: 0 }]);
});
