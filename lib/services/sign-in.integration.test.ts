import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createWorkspace, type TestWorkspace } from "#db/testing/factories";
import { createTestDatabase, type TestDatabase } from "#db/testing/test-database";
import { findSession } from "./find-session.ts";
import { getWorkspace } from "./get-workspace.ts";
import { signIn } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { createTestWeb, type TestWeb } from "./testing/web.ts";

let db: TestDatabase;
let web: TestWeb;
let home: TestWorkspace;

beforeAll(async () => {
  db = await createTestDatabase();
  home = await createWorkspace(db);
  web = await createTestWeb(db, { signInTenants: [home.owner.tenantId] });
});
afterAll(async () => {
  await web?.close();
  await db?.close();
});

const claims = (given: Partial<Parameters<typeof signIn>[1]> = {}) => ({
  tid: home.owner.tenantId,
  oid: home.owner.objectId,
  name: "Olivia Owner",
  upn: "olivia@contoso.example",
  appRoles: [],
  ...given,
});
const enter = (given: Partial<Parameters<typeof signIn>[1]> = {}) =>
  signIn(web.platform, claims(given));

it("admits a member by tenant and object id and finds the session until it ends", async () => {
  const outcome = await enter();
  if (outcome.kind !== "ok") throw new Error(outcome.kind);
  const found = await findSession(web.platform, outcome.sessionId);
  expect(found).toMatchObject({
    workspace: { id: home.workspaceId, name: home.name },
    member: { name: "Olivia Owner" },
    ctx: { actor: { kind: "member", role: "owner", sessionId: outcome.sessionId } },
  });
  if (found === null) return;
  expect((await getWorkspace(found.ctx)).slug).toBe(home.slug);
  await signOut(found.ctx);
  await signOut(found.ctx);
  expect(await findSession(web.platform, outcome.sessionId)).toBeNull();
  const events = await db.ownerSql<{ action: string }[]>`
    select action from audit_events where workspace_id = ${home.workspaceId} order by id`;
  expect(events.map((event) => event.action)).toEqual(["session.started", "session.ended"]);
});

it.each([
  ["tenant-not-allowed", { tid: randomUUID(), appRoles: ["owner"] }],
  ["personal-account", { tid: "9188040d-6c67-4c5b-b112-36a304b66dad" }],
  ["guest", { iss: "https://login.example/a", idp: "https://login.example/b" }],
  ["guest", { upn: "olivia_fabrikam.example#EXT#@contoso.example" }],
  ["not-a-member", { oid: randomUUID() }],
  ["not-a-member", { oid: randomUUID(), upn: "olivia@contoso.example", appRoles: ["owner"] }],
])("refuses with %s", async (kind, given) => {
  const before = await db.ownerSql`select count(*) from sessions`;
  expect(await enter(given)).toEqual({ kind });
  expect(await db.ownerSql`select count(*) from sessions`).toEqual(before);
});

it.each([-20, 20])(
  "A19: on a host whose clock is %i minutes wrong, a session ends by the database's time",
  async (minutes) => {
    const now = () => new Date(Date.now() + minutes * 60_000);
    const wrong = await createTestWeb(db, { signInTenants: [home.owner.tenantId], now });
    const outcome = await signIn(wrong.platform, claims());
    if (outcome.kind !== "ok") throw new Error(outcome.kind);
    const expireIn = (interval: string) =>
      db.ownerSql`update sessions set expires_at = now() + ${interval}::interval where id = ${outcome.sessionId}`;
    await expireIn("5 minutes");
    expect(await findSession(wrong.platform, outcome.sessionId)).not.toBeNull();
    await expireIn("-5 minutes");
    expect(await findSession(wrong.platform, outcome.sessionId)).toBeNull();
    await wrong.close();
  },
);

it("C10: a disabled member is out at the next request, and changes of role count at once", async () => {
  const outcome = await enter();
  if (outcome.kind !== "ok") throw new Error(outcome.kind);
  await db.ownerSql`update members set role = 'viewer' where id = ${home.owner.memberId}`;
  expect((await findSession(web.platform, outcome.sessionId))?.ctx.actor.role).toBe("viewer");
  await db.ownerSql`update members set disabled_at = now() where id = ${home.owner.memberId}`;
  expect(await findSession(web.platform, outcome.sessionId)).toBeNull();
  expect(await enter()).toEqual({ kind: "disabled" });
  expect(await findSession(web.platform, "not-a-session")).toBeNull();
});
