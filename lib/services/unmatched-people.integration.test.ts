import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import { createWorkspace } from "#db/testing/factories";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory } from "#db/testing/published-snapshots";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import type { Source } from "#lib/domain/connection";
import type { UserRow } from "#lib/import/ports";
import { assignmentRow, skuRow, userRow } from "#lib/import/testing/rows";
import type { Ctx } from "./context.ts";
import { listUnmatchedPeople } from "./list-unmatched-people.ts";
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
  readonly publish: (source: Source, users: readonly UserRow[]) => Promise<TestConnection>;
}

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
  const found = await listUnmatchedPeople(owner, { connectionId });
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
  const { counts, items } = await listUnmatchedPeople(owner, { connectionId });
  expect(counts).toMatchObject({ userPrincipalName: 0, mail: 0, unmatched: 2 });
  expect(items.map(({ reason }) => reason)).toEqual(["several", "several"]);
});

it("goes on page by page, and begins anew when either side was imported again", async () => {
  const { owner, connectionId, publish } = await arrange();
  await publish("microsoft-365", microsoft);
  const strangers = Array.from({ length: 5 }, (_, at) => account(30 + at));
  await publish("saas-management", strangers);
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
  ).rejects.toMatchObject({
    code: "invalid",
  });
});

it("without other data of the tenant nobody is said to be missing", async () => {
  const { owner, connectionId, publish } = await arrange();
  const nothing = { items: [], nextCursor: null, lookedUpIn: null, counts: null };
  expect(await listUnmatchedPeople(owner, { connectionId })).toEqual(nothing);
  await publish("saas-management", [account(1)]);
  expect(await listUnmatchedPeople(owner, { connectionId })).toEqual(nothing);
});
