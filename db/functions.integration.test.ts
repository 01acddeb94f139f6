import { createHash, randomUUID } from "node:crypto";
import { sql } from "drizzle-orm";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Database } from "./client.ts";
import { findSessionFacts, type Person, revokeSession, startSession } from "./queries/sessions.ts";
import { findApiToken, insertApiToken, revokeApiToken } from "./queries/tokens.ts";
import { beatWorker, secondsSinceWorkerSeen } from "./queries/workers.ts";
import { createWorkspace, type TestWorkspace } from "./testing/factories.ts";
import { createTestDatabase, type TestDatabase } from "./testing/test-database.ts";

/** Reference/fault-catalogue.md C26: what is found before the workspace is known answers one narrow question. */

let db: TestDatabase;
let workspace: TestWorkspace;
let other: TestWorkspace;

beforeAll(async () => {
  db = await createTestDatabase();
});
afterAll(async () => {
  await db.close();
});
beforeEach(async () => {
  workspace = await createWorkspace(db);
  other = await createWorkspace(db);
});

const person = (of: TestWorkspace["owner"], more: Partial<Person> = {}): Person => ({
  tenantId: of.tenantId,
  objectId: of.objectId,
  name: of.name,
  userPrincipalName: "someone@contoso.example",
  mayOwn: false,
  ...more,
});
const stranger = (more: Partial<Person> = {}): Person =>
  person({ memberId: "", tenantId: randomUUID(), objectId: randomUUID(), name: "Stranger" }, more);

const signIn = (who: Person) => db.web.outside((tx) => startSession(tx, who));
const find = (sessionId: string) => db.web.outside((tx) => findSessionFacts(tx, sessionId));

async function signedIn(who: Person) {
  const outcome = await signIn(who);
  if (outcome.kind !== "ok") throw new Error(`sign-in: ${outcome.kind}`);
  return outcome;
}

/** SQLSTATE of a statement that must fail. */
async function refusal(
  database: Database,
  statement: ReturnType<typeof sql>,
  workspaceId?: string,
) {
  const run =
    workspaceId === undefined
      ? database.outside((tx) => tx.execute(statement))
      : database.inWorkspace(workspaceId, (tx) => tx.execute(statement));
  const error: unknown = await run.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return error instanceof Error ? (error.cause as { code?: string }).code : undefined;
}

describe("sessions", () => {
  test("a member's session is found with its facts, by its id alone", async () => {
    const { sessionId, workspaceId } = await signedIn(person(workspace.owner));
    expect(workspaceId).toBe(workspace.workspaceId);
    expect(await find(sessionId)).toEqual({
      workspaceId,
      sessionId,
      memberId: workspace.owner.memberId,
      name: workspace.owner.name,
      role: "owner",
      tenantId: workspace.owner.tenantId,
      objectId: workspace.owner.objectId,
      workspaceName: workspace.name,
      workspaceSlug: workspace.slug,
    });
    expect(await find(randomUUID())).toBeUndefined();
  });

  test("it lasts twelve hours", async () => {
    const { sessionId } = await signedIn(person(workspace.owner));
    const [row] = await db.ownerSql`
      select extract(epoch from expires_at - created_at)::int as seconds from sessions where id = ${sessionId}`;
    expect(row).toEqual({ seconds: 43_200 });
  });

  test.each([
    ["expired", "update sessions set expires_at = now() - interval '1 second' where id = $1"],
    ["revoked", "update sessions set revoked_at = now() where id = $1"],
    [
      "of a disabled member",
      "update members set disabled_at = now() where id = (select member_id from sessions where id = $1)",
    ],
  ])("one that is %s is not found", async (_, statement) => {
    const { sessionId } = await signedIn(person(workspace.owner));
    expect(await find(sessionId)).toBeDefined();
    await db.ownerSql.unsafe(statement, [sessionId]);
    expect(await find(sessionId)).toBeUndefined();
  });

  test("another workspace cannot revoke it", async () => {
    const { sessionId, workspaceId } = await signedIn(person(workspace.owner));
    const revoke = (from: string, claimed: string) =>
      db.web.inWorkspace(from, (tx) => revokeSession(tx, { workspaceId: claimed, sessionId }));
    expect(await revoke(other.workspaceId, workspaceId)).toBe(false);
    expect(await find(sessionId)).toBeDefined();
    expect(await revoke(workspaceId, workspaceId)).toBe(true);
    expect(await find(sessionId)).toBeUndefined();
  });
});

describe("sign-in", () => {
  test("people are tid and oid: the same oid of another tenant is a stranger", async () => {
    expect(await signIn(person(workspace.owner, { tenantId: randomUUID() }))).toEqual({
      kind: "not-a-member",
    });
  });

  test("a disabled member stays out, also with the app role", async () => {
    await db.ownerSql`update members set disabled_at = now() where id = ${workspace.owner.memberId}`;
    expect(await signIn(person(workspace.owner, { mayOwn: true }))).toEqual({ kind: "disabled" });
  });

  test("the app role makes the first owner once, and nobody without it", async () => {
    const ownerTenant = randomUUID();
    const workspaceId = randomUUID();
    await db.ownerSql`
      insert into workspaces (id, slug, name, owner_tenant_id)
      values (${workspaceId}, ${`w-${workspaceId}`}, 'Waiting', ${ownerTenant})`;
    expect((await signIn(stranger({ tenantId: ownerTenant }))).kind).toBe("not-a-member");
    expect((await signIn(stranger({ mayOwn: true }))).kind).toBe("not-a-member");
    const together = await Promise.all(
      [1, 2, 3].map(() => signIn(stranger({ tenantId: ownerTenant, mayOwn: true }))),
    );
    expect(together.map((outcome) => outcome.kind).sort()).toEqual([
      "not-a-member",
      "not-a-member",
      "ok",
    ]);
    const audit = await db.ownerSql`
      select action, details->>'role' as role from audit_events where workspace_id = ${workspaceId}`;
    expect([...audit]).toEqual([{ action: "member.created", role: "owner" }]);
  });

  test("two workspaces that wait for an owner are ambiguous: nothing happens", async () => {
    const ownerTenant = randomUUID();
    for (const id of [randomUUID(), randomUUID()]) {
      await db.ownerSql`
        insert into workspaces (id, slug, name, owner_tenant_id)
        values (${id}, ${`w-${id}`}, 'Waiting', ${ownerTenant})`;
    }
    expect((await signIn(stranger({ tenantId: ownerTenant, mayOwn: true }))).kind).toBe(
      "not-a-member",
    );
  });
});

describe("API tokens", () => {
  const create = (days: number) =>
    db.web.inWorkspace(workspace.workspaceId, (tx) =>
      insertApiToken(tx, {
        workspaceId: workspace.workspaceId,
        name: "Nightly",
        role: "analyst",
        createdBy: "test",
        expiresAt: new Date(Date.now() + days * 86_400_000),
      }),
    );
  const use = (token: string) => db.web.outside((tx) => findApiToken(tx, token));

  test("a token is found by its text, its hash alone is stored, its use is noted", async () => {
    const { token, tokenId } = await create(1);
    expect(token).toMatch(/^sl_[A-Za-z0-9_-]{43}$/);
    expect(await use(token)).toEqual({
      workspaceId: workspace.workspaceId,
      tokenId,
      name: "Nightly",
      role: "analyst",
    });
    const [row] = await db.ownerSql`
      select token_hash, last_used_at is not null as used from api_tokens where id = ${tokenId}`;
    expect(row).toEqual({
      token_hash: createHash("sha256").update(token).digest("hex"),
      used: true,
    });
  });

  test("an expired, a revoked and an unknown one are not found", async () => {
    expect(await use((await create(-1)).token)).toBeUndefined();
    const revoked = await create(1);
    const key = { workspaceId: workspace.workspaceId, tokenId: revoked.tokenId };
    expect(await db.web.inWorkspace(other.workspaceId, (tx) => revokeApiToken(tx, key))).toBe(
      false,
    );
    expect(await db.web.inWorkspace(key.workspaceId, (tx) => revokeApiToken(tx, key))).toBe(true);
    expect(await use(revoked.token)).toBeUndefined();
    expect(await use(`sl_${"A".repeat(43)}`)).toBeUndefined();
    expect(await use(revoked.token.slice(1))).toBeUndefined();
  });
});

async function createConnection(of: TestWorkspace): Promise<string> {
  const id = randomUUID();
  await db.ownerSql`
    insert into connections (workspace_id, id, name, source, status, created_by)
    values (${of.workspaceId}, ${id}, 'Contoso', 'microsoft-365', 'draft', 'test')`;
  return id;
}

describe("consent attempts", () => {
  const hash = () => createHash("sha256").update(randomUUID()).digest("hex");

  test("are used once, in time, for their leg, in the browser that began them", async () => {
    const connectionId = await createConnection(workspace);
    const [state, browser] = [hash(), hash()];
    await db.ownerSql`
      insert into consent_attempts (workspace_id, connection_id, leg, state_hash, browser_hash, expires_at)
      values (${workspace.workspaceId}, ${connectionId}, 'consent', ${state}, ${browser}, now() + interval '10 minutes')`;
    const use = async (leg: string, stateHash: string, browserHash: string) => [
      ...(await db.web.outside((tx) =>
        tx.execute(
          sql`select connection_id from app.use_consent_attempt(${leg}, ${stateHash}, ${browserHash})`,
        ),
      )),
    ];
    expect(await use("proof", state, browser)).toEqual([]);
    expect(await use("consent", state, hash())).toEqual([]);
    expect(await use("consent", hash(), browser)).toEqual([]);
    const twice = await Promise.all([
      use("consent", state, browser),
      use("consent", state, browser),
    ]);
    expect(twice.flat()).toEqual([{ connection_id: connectionId }]);
    await db.ownerSql`
      update consent_attempts set used_at = null, expires_at = now() where state_hash = ${state}`;
    expect(await use("consent", state, browser)).toEqual([]);
  });
});

describe("hand-off links", () => {
  const hash = () => createHash("sha256").update(randomUUID()).digest("hex");
  const insertLink = async (of: TestWorkspace) => {
    const link = { id: randomUUID(), tokenHash: hash(), connectionId: await createConnection(of) };
    await db.ownerSql`
      insert into hand_offs (workspace_id, id, connection_id, member_id, token_hash, expires_at)
      values (${of.workspaceId}, ${link.id}, ${link.connectionId}, ${of.owner.memberId}, ${link.tokenHash},
        now() + interval '72 hours')`;
    return link;
  };

  test("one is found by its hash alone, with its workspace and nothing else", async () => {
    const [own] = [await insertLink(workspace), await insertLink(other)];
    const find = async (tokenHash: string) => [
      ...(await db.web.outside((tx) =>
        tx.execute(sql`select * from app.find_hand_off(${tokenHash})`),
      )),
    ];
    expect(await find(own.tokenHash)).toEqual([
      { workspace_id: workspace.workspaceId, hand_off_id: own.id },
    ]);
    expect(await find(hash())).toEqual([]);
  });

  test("a browser finds the sign-in it brought back last, for an hour", async () => {
    const { id, connectionId } = await insertLink(workspace);
    const browser = hash();
    const attempt = async (leg: string, handOffId: string | null, usedAt: string | null) => {
      const attemptId = randomUUID();
      await db.ownerSql`
        insert into consent_attempts
          (workspace_id, id, connection_id, hand_off_id, leg, state_hash, browser_hash, created_at, used_at, expires_at)
        values (${workspace.workspaceId}, ${attemptId}, ${connectionId}, ${handOffId}, ${leg}, ${hash()}, ${browser},
          clock_timestamp(), now() - ${usedAt}::interval, now() + interval '10 minutes')`;
      return attemptId;
    };
    const find = async (browserHash: string) => [
      ...(await db.web.outside((tx) =>
        tx.execute(
          sql`select consent_attempt_id as id from app.find_handed_off_proof(${browserHash})`,
        ),
      )),
    ];
    await attempt("consent", id, "1 minute");
    await attempt("proof", null, "1 minute");
    await attempt("proof", id, "61 minutes");
    await attempt("proof", id, null);
    expect(await find(browser)).toEqual([]);
    const last = await attempt("proof", id, "1 second");
    expect(await find(browser)).toEqual([{ id: last }]);
    expect(await find(hash())).toEqual([]);
  });
});

describe("tries of visitors", () => {
  const take = async (visitor: string, spend: boolean) => {
    const [row] = await db.web.outside((tx) =>
      tx.execute<{ wait: number | null }>(
        sql`select app.take_visitor_token(${visitor}, 2, 7200, ${spend}) as wait`,
      ),
    );
    return row?.wait;
  };

  test("are spent one by one, looked at for nothing, and come back with time", async () => {
    const [visitor, neighbour] = [randomUUID(), randomUUID()];
    expect(await take(visitor, false)).toBeNull();
    expect([await take(visitor, true), await take(visitor, true)]).toEqual([null, null]);
    expect(await take(visitor, true)).toBeGreaterThan(3500);
    expect(await take(visitor, false)).toBeGreaterThan(3500);
    expect(await take(neighbour, true)).toBeNull();
    await db.ownerSql`
      update visitor_buckets set refilled_at = refilled_at - interval '1 hour' where visitor = ${visitor}`;
    expect(await take(visitor, true)).toBeNull();
    expect(await take(visitor, true)).toBeGreaterThan(3500);
  });

  test("are forgotten once they are all back, and no program reads whose they were", async () => {
    const visitor = randomUUID();
    await take(visitor, true);
    await db.ownerSql`
      update visitor_buckets set refilled_at = now() - interval '3 hours' where visitor = ${visitor}`;
    await take(randomUUID(), true);
    expect(await db.ownerSql`select from visitor_buckets where visitor = ${visitor}`).toHaveLength(
      0,
    );
    const read = sql`select * from visitor_buckets`;
    expect([await refusal(db.web, read), await refusal(db.worker, read)]).toEqual([
      "42501",
      "42501",
    ]);
  });
});

describe("tenant claims", () => {
  const claim = (of: TestWorkspace, connectionId: string, tenantId: string) =>
    sql`select app.claim_tenant(${of.workspaceId}::uuid, ${connectionId}::uuid, ${tenantId}::uuid, 'microsoft-365') as taken`;
  const take = async (of: TestWorkspace, connectionId: string, tenantId: string) => {
    const [row] = await db.worker.inWorkspace(of.workspaceId, (tx) =>
      tx.execute<{ taken: boolean }>(claim(of, connectionId, tenantId)),
    );
    return row?.taken;
  };

  test("one workspace has a tenant; another learns only that it is taken; a release frees it", async () => {
    const tenantId = randomUUID();
    const [own, foreign] = [await createConnection(workspace), await createConnection(other)];
    expect(await take(workspace, own, tenantId)).toBe(true);
    expect(await take(workspace, own, tenantId)).toBe(true);
    expect(await take(other, foreign, tenantId)).toBe(false);
    await db.web.inWorkspace(workspace.workspaceId, (tx) =>
      tx.execute(sql`select app.release_claim(${workspace.workspaceId}::uuid, ${own}::uuid)`),
    );
    expect(await take(other, foreign, tenantId)).toBe(true);
  });

  test("a disconnected connection's claim passes to its successor in the workspace", async () => {
    const tenantId = randomUUID();
    const [old, next] = [await createConnection(workspace), await createConnection(workspace)];
    expect(await take(workspace, old, tenantId)).toBe(true);
    expect(await take(workspace, next, tenantId)).toBe(false);
    await db.ownerSql`update connections set status = 'disconnected' where id = ${old}`;
    expect(await take(workspace, next, tenantId)).toBe(true);
  });

  test("nobody claims or releases for another workspace, and web claims nothing", async () => {
    const foreign = await createConnection(other);
    const statement = claim(other, foreign, randomUUID());
    expect(await refusal(db.worker, statement, workspace.workspaceId)).toBe("42501");
    expect(await refusal(db.worker, statement)).toBe("42501");
    expect(await refusal(db.web, statement, other.workspaceId)).toBe("42501");
    const release = sql`select app.release_claim(${other.workspaceId}::uuid, ${foreign}::uuid)`;
    expect(await refusal(db.web, release, workspace.workspaceId)).toBe("42501");
  });
});

describe("moving a claim", () => {
  /** A proof leg of the connection, one that allows the move unless a column says otherwise. */
  const proofOf = async (of: TestWorkspace, connectionId: string, tenantId: string) => {
    const id = randomUUID();
    await db.ownerSql`
      insert into consent_attempts (workspace_id, id, leg, connection_id, session_id, state_hash,
        browser_hash, expected_tenant_id, expires_at, used_at, outcome, move_confirmed_at)
      values (${of.workspaceId}, ${id}, 'proof', ${connectionId}, ${randomUUID()}, ${randomUUID()},
        'browser', ${tenantId}, now(), now() - interval '9 minutes', 'proven', now())`;
    return id;
  };
  const move = (of: TestWorkspace, connectionId: string, proof: string) =>
    sql`select left_workspace, left_connection
        from app.move_claim(${of.workspaceId}::uuid, ${connectionId}::uuid, ${proof}::uuid)`;
  const moved = async (of: TestWorkspace, connectionId: string, proof: string) => {
    const rows = await db.worker.inWorkspace(of.workspaceId, (tx) =>
      tx.execute<{ left_workspace: string; left_connection: string }>(
        move(of, connectionId, proof),
      ),
    );
    return [...rows];
  };
  const holderOf = async (tenantId: string) =>
    (await db.ownerSql`select connection_id from tenant_claims where tenant_id = ${tenantId}`)[0]
      ?.connection_id;
  /** A tenant the first workspace holds, and a connection of the other that wants it. */
  const arranged = async () => {
    const tenantId = randomUUID();
    const [holder, wants] = [await createConnection(workspace), await createConnection(other)];
    await db.ownerSql`
      insert into tenant_claims (tenant_id, source, workspace_id, connection_id)
      values (${tenantId}, 'microsoft-365', ${workspace.workspaceId}, ${holder})`;
    return { tenantId, holder, wants, proof: await proofOf(other, wants, tenantId) };
  };

  test("takes it once, and tells whom it was taken from", async () => {
    const { tenantId, holder, wants, proof } = await arranged();
    expect(await moved(other, wants, proof)).toEqual([
      { left_workspace: workspace.workspaceId, left_connection: holder },
    ]);
    expect(await holderOf(tenantId)).toBe(wants);
    expect(await moved(other, wants, proof)).toEqual([]);
  });

  test.each([
    ["nobody confirmed", "move_confirmed_at = null"],
    ["it was confirmed 11 minutes after the sign-in", "used_at = now() - interval '11 minutes'"],
    [
      "the confirmation is 11 minutes old",
      "used_at = now() - interval '11 minutes', move_confirmed_at = now() - interval '11 minutes'",
    ],
    ["the person was refused", "outcome = 'guest'"],
    ["the person has not been judged", "outcome = null"],
    ["it was no sign-in of a member", "session_id = null"],
    ["it is the consent leg", "leg = 'consent'"],
    ["it proves another tenant", "expected_tenant_id = gen_random_uuid()"],
  ])("refuses when %s", async (_, change) => {
    const { tenantId, holder, wants, proof } = await arranged();
    await db.ownerSql.unsafe(`update consent_attempts set ${change} where id = $1`, [proof]);
    expect(await moved(other, wants, proof)).toEqual([]);
    expect(await holderOf(tenantId)).toBe(holder);
  });

  test("refuses a proof of another connection, another workspace and the web program", async () => {
    const { tenantId, holder, wants, proof } = await arranged();
    expect(await moved(other, await createConnection(other), proof)).toEqual([]);
    const statement = move(other, wants, proof);
    expect(await refusal(db.worker, statement, workspace.workspaceId)).toBe("42501");
    expect(await refusal(db.web, statement, other.workspaceId)).toBe("42501");
    expect(await holderOf(tenantId)).toBe(holder);
  });
});

describe("workers", () => {
  test("were never seen, not 0 seconds ago, until one shows itself", async () => {
    await db.ownerSql`delete from workers`;
    const seen = () => db.web.outside(secondsSinceWorkerSeen);
    expect(await seen()).toBeNull();
    await db.worker.outside((tx) => beatWorker(tx, randomUUID()));
    expect(await seen()).toBeLessThan(5);
    await db.ownerSql`update workers set seen_at = now() - interval '90 seconds'`;
    expect(await seen()).toBeGreaterThanOrEqual(90);
  });
});

describe("whatever the caller's session looks like", () => {
  test("names in pg_temp and a hostile search_path change nothing", async () => {
    const { sessionId } = await signedIn(person(workspace.owner));
    const facts = await db.web.outside(async (tx) => {
      await tx.execute(sql`create temp table sessions as select 1 as trap`);
      await tx.execute(sql`create temp table members as select 1 as trap`);
      await tx.execute(sql`set local search_path = pg_temp, public`);
      return await findSessionFacts(tx, sessionId);
    });
    expect(facts?.workspaceId).toBe(workspace.workspaceId);
  });

  test("every function is the owner's, with an empty search_path, and not everybody's", async () => {
    const functions = await db.ownerSql`
      select p.proname as name, p.prosecdef as definer, p.proconfig as config,
             has_function_privilege('public', p.oid, 'execute') as public
      from pg_proc p where p.pronamespace = 'app'::regnamespace`;
    expect(functions.length).toBeGreaterThanOrEqual(11);
    for (const { name, ...facts } of functions) {
      expect([name, facts]).toEqual([
        name,
        { definer: true, config: ['search_path=""'], public: false },
      ]);
    }
  });

  test("the worker's view across workspaces is closed to web, sign-in is closed to the worker", async () => {
    for (const call of [
      "open_runs()",
      "limited_services()",
      "verifications_due()",
      "schedules_due()",
      "checks_due()",
      "record_app_credential('global', 'secret', null)",
      "workspaces_with_connections()",
      "workspaces_with_snapshots()",
    ]) {
      const statement = sql.raw(`select * from app.${call}`);
      expect(await refusal(db.web, statement)).toBe("42501");
      expect(await refusal(db.worker, statement)).toBeUndefined();
    }
    const find = sql`select * from app.find_session(${randomUUID()}::uuid)`;
    expect(await refusal(db.worker, find)).toBe("42501");
  });
});
