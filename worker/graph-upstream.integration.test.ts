import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createImportStore } from "#db/queries/import-store";
import {
  createFaultBench,
  type FaultBench,
  type Plot,
  type Story,
  type Subject,
} from "./testing/fault-bench.ts";
import { datasetOf, expectFailed, pagesAsked, requestsOf, streamOf } from "./testing/stories.ts";
import { waitFor } from "./testing/wait-for.ts";
import { expectTruth } from "./testing/worker-bench.ts";

/** Two pages of users. */
const twoPages = { size: 1050 };
const users = { stream: "users" } as const;

const plots = {
  // B2
  date: { faults: [{ kind: "throttle", ...users, seconds: 2, retryAfter: "date", times: 1 }] },
  decimal: {
    faults: [{ kind: "throttle", ...users, seconds: 1.4, retryAfter: "decimal", times: 1 }],
  },
  negative: { faults: [{ kind: "throttle", ...users, seconds: 0, retryAfter: "-30", times: 1 }] },
  garbage: { faults: [{ kind: "throttle", ...users, seconds: 0, retryAfter: "soon", times: 1 }] },
  absent: { faults: [{ kind: "throttle", ...users, seconds: 0, retryAfter: "missing", times: 1 }] },
  // B4
  passing: {
    faults: [
      { kind: "server-error", stream: "organization", status: 500, times: 1 },
      { kind: "server-error", endpoint: "subscribedSkus", status: 503, body: "html", times: 1 },
      { kind: "server-error", stream: "users", status: 200, body: "html", times: 1 },
      { kind: "server-error", stream: "groups", status: 502, body: "html", times: 1 },
      { kind: "server-error", stream: "deleted-users", status: 504, body: "empty", times: 1 },
      { kind: "server-error", endpoint: "subscriptions", status: 507, times: 1 },
    ],
  },
  gateway: { faults: [{ kind: "server-error", ...users, status: 403, body: "html" }] },
  proxy: { faults: [{ kind: "server-error", ...users, status: 200, body: "html" }] },
  // B5
  reset: { ...twoPages, faults: [{ kind: "reset", ...users, page: 2, times: 1 }] },
  torn: { ...twoPages, faults: [{ kind: "reset", ...users, page: 2, when: "mid-body", times: 1 }] },
  truncated: { ...twoPages, faults: [{ kind: "truncated", ...users, page: 2, times: 1 }] },
  // B6
  stalled: {
    faults: [
      { kind: "hang", ...users, when: "mid-body", times: 1 },
      { kind: "hang", stream: "groups", when: "before-headers", times: 1 },
    ],
  },
  // B7
  sameLink: { ...twoPages, faults: [{ kind: "link-loop", ...users, shape: "same" }] },
  alternatingLinks: { ...twoPages, faults: [{ kind: "link-loop", ...users, shape: "alternate" }] },
  endlessEmpty: { ...twoPages, faults: [{ kind: "link-loop", ...users, shape: "endless-empty" }] },
  // B9
  expired: { ...twoPages, faults: [{ kind: "expired-page-token", ...users, times: 2 }] },
  expiring: { ...twoPages, faults: [{ kind: "expired-page-token", ...users }] },
  // B12
  emptyPage: { ...twoPages, faults: [{ kind: "empty-page", ...users, page: 2 }] },
  noValue: { ...twoPages, faults: [{ kind: "no-value", ...users, page: 2 }] },
  // B24
  throttledTokens: { faults: [{ kind: "throttle", stream: "token", seconds: 2, times: 1 }] },
  noDiscovery: { faults: [{ kind: "server-error", stream: "discovery" }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;
let stale: { readonly subject: Subject; readonly importId: string };

beforeAll(async () => {
  bench = await createFaultBench("upstream");
  const played = bench.play(plots);
  [stale, stories] = await Promise.all([leaveBehind(), played]);
}, 300_000);
afterAll(() => bench?.close());

/**
 * An import whose second page never comes, and whose first is 31 minutes old when another place takes it: the run is lost
 * first, its job afterwards, so that whoever held it is fenced and not asked by its queue to stop.
 */
async function leaveBehind() {
  const { ownerSql, worker } = bench.installation.db;
  const subject = await bench.connect(twoPages);
  const { tenant, workspaceId } = subject;
  tenant.setFaults([{ kind: "hang", ...users, page: 2, times: 1 }]);
  tenant.log.clear();
  const importId = await subject.begin(["directory"]);
  await waitFor(
    "the first page stored, the second in flight",
    async () => {
      const [read] = await ownerSql<{ page_no: number }[]>`
      select page_no from read_checkpoints where read = 'users' and workspace_id = ${workspaceId}`;
      return read?.page_no === 1 && tenant.faults.counts().some(({ applied }) => applied > 0);
    },
    100_000,
  );
  await ownerSql`
    update read_checkpoints set committed_at = committed_at - interval '31 minutes'
    where read = 'users' and workspace_id = ${workspaceId}`;
  const { runId } = datasetOf(await subject.look(importId), "directory");
  expect(await createImportStore(worker).begin({ workspaceId, runId })).toMatchObject({ epoch: 2 });
  await ownerSql`delete from pgboss.job where data ->> 'workspaceId' = ${workspaceId}`;
  return { subject, importId };
}

const passed = async (story: Story) => {
  expect(story.import.state).toBe("succeeded");
  await expectTruth(bench.installation, story.subject);
};

describe("B2 Retry-After", () => {
  it.each(["date", "decimal"] as const)("as %s is waited for to the end", async (key) => {
    const story = stories[key];
    await passed(story);
    expect(streamOf(story.import, "users").retries).toBe(1);
    expect(story.subject.tenant.log.counts().earlyRetries).toBe(0);
    expect(story.seconds).toBeGreaterThan(key === "date" ? 1 : 1.4);
  });

  it.each(["negative", "garbage", "absent"] as const)("that is %s: our own pause", async (key) => {
    await passed(stories[key]);
    expect(streamOf(stories[key].import, "users").retries).toBe(1);
  });
});

describe("B4 answers that are no Graph", () => {
  it("5xx, HTML with 200 and empty bodies are asked for again; none of them is zero rows", async () => {
    await passed(stories.passing);
    for (const stream of ["organization", "users", "groups", "deleted-users"] as const) {
      expect(streamOf(stories.passing.import, stream).retries).toBe(1);
    }
    expect(streamOf(stories.passing.import, "subscriptions").retries).toBe(2);
  });

  it("HTML that stays ends the run as `upstream`, with the number of attempts", () => {
    expectFailed(stories.gateway, {
      stream: "users",
      told: { class: "upstream", code: "upstream-error", what: /error, again and again/ },
    });
    expect(requestsOf(stories.gateway.subject, "users")).toBe(3);
    expect(datasetOf(stories.gateway.import, "directory").error?.facts).toMatchObject({
      attempts: 3,
    });
  });
});

describe("B4 HTML with 200", () => {
  it("that stays is given up after eight attempts, and is no list of nobody", () => {
    expectFailed(stories.proxy, {
      stream: "users",
      told: { class: "upstream", code: "unreadable-response", what: /could not be read/ },
    });
    expect(requestsOf(stories.proxy.subject, "users")).toBe(8);
    expect(datasetOf(stories.proxy.import, "directory").error?.facts).toMatchObject({
      attempts: 8,
    });
  });
});

describe("B5 answers cut short", () => {
  it.each(["reset", "torn", "truncated"] as const)(
    "%s: the page is asked for whole",
    async (key) => {
      const story = stories[key];
      await passed(story);
      expect(pagesAsked(story.subject, "users")[1]).toBe(1);
      expect(streamOf(story.import, "users")).toMatchObject({ pages: 2, rows: 1050, retries: 1 });
    },
  );
});

it("B6 answers that stall are given up after 30 s and asked for again", async () => {
  await passed(stories.stalled);
  expect(streamOf(stories.stalled.import, "users").retries).toBe(1);
  expect(streamOf(stories.stalled.import, "groups").retries).toBe(1);
  expect(stories.stalled.seconds).toBeGreaterThan(30);
});

describe("B7 lists without an end", () => {
  it.each([
    ["sameLink", 3],
    ["alternatingLinks", 4],
    ["endlessEmpty", 103],
  ] as const)("%s: ended within %i requests, nothing published", (key, most) => {
    expectFailed(stories[key], {
      stream: "users",
      told: { class: "upstream", code: "link-loop", what: /came back to where it began/ },
    });
    expect(requestsOf(stories[key].subject, "users")).toBeLessThanOrEqual(most);
  });
});

describe("B9 lists that expire", () => {
  it("a page token that expired starts the list over: every account once", async () => {
    await passed(stories.expired);
    expect(pagesAsked(stories.expired.subject, "users")).toEqual({ 1: 3, 2: 3 });
  });

  it("one that always expires is given up after three more times", () => {
    const told = { class: "upstream", code: "expired-page-token-too-often" } as const;
    expectFailed(stories.expiring, {
      stream: "users",
      told: { ...told, what: /expired while it was read, several times over/ },
    });
    expect(pagesAsked(stories.expiring.subject, "users")).toEqual({ 1: 4, 2: 4 });
  });

  it("a checkpoint older than 30 minutes starts the list over, and fences whoever held the run", async () => {
    const { subject, importId } = stale;
    const { tenant, workspaceId } = subject;
    await waitFor("published by another place", async () => {
      const { state } = await subject.look(importId);
      expect(state).not.toBe("failed");
      return state === "succeeded";
    });
    await expectTruth(bench.installation, subject);
    expect(pagesAsked(subject, "users")).toEqual({ 1: 2, 2: 1 });
    tenant.setFaults([]);
    const { runId } = datasetOf(await subject.look(importId), "directory");
    const firstEnd = new RegExp(`"runId":"${runId}".*"epoch":1,"outcome":"(\\w+)"`);
    const end = await waitFor("the first holder's end", async () => firstEnd.exec(bench.output()));
    expect(end[1]).toBe("superseded");
    await expectTruth(bench.installation, subject);
    const [run] = await bench.installation.db.ownerSql`
      select epoch::int from dataset_runs where workspace_id = ${workspaceId}`;
    expect(run).toEqual({ epoch: 3 });
  });
});

describe("B12 pages without rows", () => {
  it("an empty page with a link goes on", async () => {
    await passed(stories.emptyPage);
    expect(streamOf(stories.emptyPage.import, "users")).toMatchObject({ pages: 3, rows: 1050 });
  });

  it("a last page without `value` is an error, not the end", () => {
    expectFailed(stories.noValue, {
      stream: "users",
      told: { class: "upstream", code: "unreadable-response", what: /could not be read/ },
    });
  });
});

it("B24 instance discovery is not needed", async () => {
  await passed(stories.noDiscovery);
});

it("B24 a throttled token endpoint is waited for", async () => {
  await passed(stories.throttledTokens);
  expect(stories.throttledTokens.subject.tenant.log.counts().earlyRetries).toBe(0);
  expect(stories.throttledTokens.seconds).toBeGreaterThan(2);
});
