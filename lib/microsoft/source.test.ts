import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Read } from "#lib/domain/import";
import type { Clock } from "#lib/http/retry";
import { systemClock } from "#lib/http/retry";
import type { SourcePage } from "#lib/import/ports";
import { createSimulator, type Simulator } from "#simulator/create-simulator";
import { createGraphSource } from "./source.ts";
import { collect, createReadOptions, createTestClient } from "./testing/client.ts";
import {
  describeImportSource,
  pagesOf,
  rowsOf,
  type SourceUnderTest,
} from "./testing/import-source-contract.ts";
import { addTenant, type ControlBody } from "./testing/simulated-tenant.ts";

/** Hundreds of requests per case, on machines that do other work as well. */
vi.setConfig({ testTimeout: 30_000, hookTimeout: 30_000 });

let simulator: Simulator;
let subject: SourceUnderTest;
let serial = 0;

beforeAll(async () => {
  simulator = await createSimulator({ tenants: [] });
  const tenant = await addTenant(simulator, { seed: "contract", size: 1200, profile: "acquired" });
  subject = {
    source: createGraphSource({ client: tenant.client }),
    truth: await tenant.truth(),
  };
});
afterAll(() => simulator.close());

describeImportSource("Graph source against the simulator, 1 200 accounts", () => subject);

const start = async (faults: readonly ControlBody[], request: ControlBody = {}, clock?: Clock) => {
  serial += 1;
  const tenant = await addTenant(
    simulator,
    { seed: `fault ${serial}`, size: 1200, ...request },
    clock,
  );
  await tenant.setFaults(faults);
  return { ...tenant, source: createGraphSource({ client: tenant.client }) };
};

/** How a read ended that did not succeed. */
const endOf = (pages: Promise<unknown>) =>
  pages.then(
    () => "complete",
    (error: unknown) => (error instanceof Error && "end" in error ? error.end : error),
  );

const ids = (pages: readonly SourcePage<{ userId: string }>[]) =>
  pages.flatMap(({ rows }) => rows.map(({ userId }) => userId));

describe("faults that pass change nothing of what is read", () => {
  test.each<[string, ControlBody[]]>([
    ["503", [{ kind: "server-error", status: 503, endpoint: "users", every: 2 }]],
    [
      "502 with HTML",
      [{ kind: "server-error", status: 502, body: "html", endpoint: "users", times: 3 }],
    ],
    [
      "200 with HTML",
      [{ kind: "server-error", status: 200, body: "html", endpoint: "users", times: 2 }],
    ],
    ["resets", [{ kind: "reset", endpoint: "users", every: 2, times: 2 }]],
    ["resets in the body", [{ kind: "reset", when: "mid-body", endpoint: "users", times: 2 }]],
    ["truncated JSON", [{ kind: "truncated", endpoint: "users", times: 2 }]],
    ["an empty page with a link", [{ kind: "empty-page", endpoint: "users", page: 2 }]],
    ["one 401", [{ kind: "unauthorized", endpoint: "users", page: 2, times: 1 }]],
    [
      "a token endpoint in trouble",
      [{ kind: "server-error", status: 503, body: "html", stream: "token", times: 2 }],
    ],
  ])("%s", async (_, faults) => {
    const { source, truth } = await start(faults);
    const found = ids(await pagesOf(source, "users")).toSorted();
    expect(found).toEqual((await truth()).users.map(({ userId }) => userId).toSorted());
  });
});

test("throttled at every second request: not one comes early, and nothing is lost", async () => {
  const { source, truth, requests } = await start(
    [{ kind: "throttle", seconds: 0.4, retryAfter: "decimal", endpoint: "users", every: 2 }],
    { size: 3500 },
    systemClock,
  );
  const { options, waits } = createReadOptions();
  const found = ids(await collect(source.pages("users", null, options)));
  expect(found).toHaveLength((await truth()).users.length);
  expect(waits.filter(({ kind }) => kind === "limited").length).toBeGreaterThan(0);
  expect((await requests()).early).toBe(0);
});

test("an expired page token asks for a restart, and the restart reads everything", async () => {
  const { source, truth } = await start([
    { kind: "expired-page-token", endpoint: "users", page: 2, times: 1 },
  ]);
  expect(await endOf(pagesOf(source, "users"))).toEqual({ kind: "restart" });
  expect(ids(await pagesOf(source, "users"))).toHaveLength((await truth()).users.length);
});

test.each<[Read, string]>([
  ["groups", "GroupMember.Read.All"],
  ["sign-ins", "AuditLog.Read.All"],
  ["report:active-users", "Reports.Read.All"],
  ["report-settings", "ReportSettings.Read.All"],
  ["users", "User.Read.All"],
])("%s without %s is unavailable and names it; the other reads go on", async (read, permission) => {
  const tenant = await start([], { size: 50 });
  const all = [
    "Organization.Read.All",
    "User.Read.All",
    "GroupMember.Read.All",
    "AuditLog.Read.All",
    "Reports.Read.All",
    "ReportSettings.Read.All",
  ];
  await tenant.changeApp({ permissions: all.filter((name) => name !== permission) });
  expect(await endOf(pagesOf(tenant.source, read))).toMatchObject({
    kind: "unavailable",
    reason: "permission",
    failure: { class: "permission", code: "permission-missing", permission, status: 403 },
  });
  expect(await rowsOf(tenant.source, "organization")).toHaveLength(1);
});

test("a tenant without premium: sign-ins are not licensed, after it was asked several times", async () => {
  const { source, requests } = await start([], { size: 50, premium: false });
  expect(await endOf(pagesOf(source, "sign-ins"))).toMatchObject({
    kind: "unavailable",
    reason: "not-licensed",
  });
  expect((await requests()).total).toBeGreaterThan(5);
});

test("the same refusal flapping on a licensed tenant passes", async () => {
  const { source, truth } = await start([{ kind: "nonpremium", times: 3 }], { size: 50 });
  expect(await rowsOf(source, "sign-ins")).toHaveLength((await truth()).users.length);
});

test("consent withdrawn in the middle ends the read as a credential failure", async () => {
  const tenant = await start([]);
  const pages = tenant.source
    .pages("users", null, createReadOptions().options)
    [Symbol.asyncIterator]();
  await pages.next();
  await tenant.revokeTokens();
  await tenant.changeApp({ enabled: false });
  expect(await endOf(pages.next())).toMatchObject({
    kind: "failed",
    failure: { class: "credential", code: "app-disabled" },
  });
});

test.each<[string, ControlBody, string]>([
  ["a link to another host", { kind: "foreign-link", endpoint: "users" }, "link-refused"],
  ["the same link for ever", { kind: "link-loop", endpoint: "users" }, "link-loop"],
  ["two links in turn", { kind: "link-loop", shape: "alternate", endpoint: "users" }, "link-loop"],
  [
    "empty pages for ever",
    { kind: "link-loop", shape: "endless-empty", endpoint: "users" },
    "link-loop",
  ],
  ["a page without value", { kind: "no-value", endpoint: "users", page: 2 }, "unreadable-response"],
])("%s fails the read at once", async (_, fault, code) => {
  const { source } = await start([fault]);
  expect(await endOf(pagesOf(source, "users"))).toMatchObject({
    kind: "failed",
    failure: { class: "upstream", code },
  });
});

test("rows without assignedLicenses are quarantined; other faults cost a field and no row", async () => {
  const lost = await start([{ kind: "missing-licenses", count: 7 }], { size: 100 });
  const pages = await pagesOf(lost.source, "users");
  expect(pages.flatMap(({ quarantined }) => quarantined)).toEqual(
    Array.from({ length: 7 }, () => ({
      field: "assignedLicenses",
      problem: "invalid_type",
      userId: expect.any(String),
    })),
  );
  const { users } = await lost.truth();
  expect(ids(pages)).toHaveLength(users.length - 7);
  const setAside = pages.flatMap(({ quarantined }) => quarantined.map(({ userId }) => userId));
  expect([...ids(pages), ...setAside].sort()).toEqual(users.map(({ userId }) => userId).sort());

  const bent = await start(
    [
      { kind: "bad-rows", count: 5 },
      { kind: "hostile-names", count: 5 },
      { kind: "unknown-enums", count: 5 },
    ],
    { size: 100 },
  );
  const kept = await pagesOf(bent.source, "users");
  expect(ids(kept)).toHaveLength((await bent.truth()).users.length);
  expect(kept.flatMap(({ quarantined }) => quarantined)).toEqual([]);
  expect(kept.flatMap(({ unexpected }) => unexpected ?? [])).toContain("accountEnabled");
  for (const { displayName } of kept.flatMap(({ rows }) => rows)) {
    expect(displayName?.isWellFormed() ?? true).toBe(true);
    expect(displayName?.includes("\0") ?? false).toBe(false);
  }
});

test("concealed names are told by the setting and by their shape", async () => {
  const { source } = await start([], { size: 100, concealedNames: true });
  expect(await rowsOf(source, "report-settings")).toEqual([{ concealed: true }]);
  const [page] = await pagesOf(source, "report:active-users");
  expect(page?.report?.concealed).toBe(true);
});

test.each<[string, ControlBody, string]>([
  ["empty", { kind: "report-shape", shape: "empty" }, "report-empty"],
  ["malformed", { kind: "report-shape", shape: "malformed" }, "report-malformed"],
  ["an HTML page", { kind: "report-shape", shape: "html" }, "report-malformed"],
  ["without a column", { kind: "report-shape", shape: "missing-column" }, "report-missing-column"],
  ["on a foreign host", { kind: "report-host" }, "report-host-refused"],
  ["expired every time", { kind: "report-expired" }, "upstream-error"],
])("a report that is %s fails that report alone", async (_, fault, code) => {
  const { source } = await start([fault], { size: 50 });
  expect(await endOf(pagesOf(source, "report:active-users"))).toMatchObject({
    kind: "failed",
    failure: { class: "upstream", code },
  });
});

test("a report with its columns in another order, or a URL expired once, is read all the same", async () => {
  const reordered = await start(
    [
      { kind: "report-shape", shape: "reordered" },
      { kind: "report-expired", times: 1 },
    ],
    { size: 50 },
  );
  expect((await rowsOf(reordered.source, "report:active-users")).length).toBeGreaterThan(0);
});

test("in a cloud without usage reports the read says so and nothing is asked", async () => {
  const { client, tokensAsked } = createTestClient(
    { graph: "http://127.0.0.1:1" },
    { cloud: "china" },
  );
  expect(await endOf(pagesOf(createGraphSource({ client }), "report:teams"))).toMatchObject({
    kind: "unavailable",
    reason: "not-offered-in-cloud",
  });
  expect(tokensAsked).toEqual([]);
});
