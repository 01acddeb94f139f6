import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import {
  datasetOf,
  expectFailed,
  expectIntact,
  figuresOf,
  requestsOf,
  streamOf,
} from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";
import { expectTruth } from "./testing/worker-bench.ts";

const users = { stream: "users" } as const;
const skus = { endpoint: "subscribedSkus" } as const;

const rows = {
  // Fields that are not as documented: they cost themselves
  numberForText: { faults: [{ kind: "drift", ...users, shape: "number-for-text" }] },
  nullBooleans: { faults: [{ kind: "drift", ...users, shape: "null-boolean", count: "all" }] },
  unknownWords: { faults: [{ kind: "unknown-enums", ...users, count: "all" }] },
  unknownTypes: { faults: [{ kind: "drift", ...users, shape: "odata-type", count: "all" }] },
  hostileNames: { faults: [{ kind: "hostile-names", ...users, count: "all" }] },
  hugeNames: { faults: [{ kind: "drift", ...users, shape: "huge-name", count: 3 }] },
  deepRow: { faults: [{ kind: "drift", ...users, shape: "deep" }] },
  proto: { faults: [{ kind: "drift", ...users, shape: "proto", count: "all" }] },
  // Rows that cannot be accepted
  nullRow: { size: 120, faults: [{ kind: "drift", ...users, shape: "null-row" }] },
  nullRows: { size: 120, faults: [{ kind: "drift", ...users, shape: "null-row", count: 12 }] },
  badIds: { size: 120, faults: [{ kind: "bad-rows", ...users, field: "id", count: 12 }] },
  badUnits: { faults: [{ kind: "drift", ...skus, shape: "text-for-number" }] },
  badTenant: { faults: [{ kind: "drift", stream: "organization", shape: "number-for-text" }] },
} as const satisfies Record<string, Plot>;

const bodies = {
  gzipBomb: { faults: [{ kind: "gzip-bomb", ...users, megabytes: 1024 }] },
  hugeBody: { faults: [{ kind: "huge-body", ...users, megabytes: 2048 }] },
  hugeNamesOnly: { faults: [{ kind: "drift", ...users, shape: "huge-name", count: "all" }] },
  deepest: { faults: [{ kind: "drift", ...users, shape: "deep", size: 8_000_000 }] },
  bombOfGroups: { faults: [{ kind: "gzip-bomb", stream: "groups", megabytes: 1024 }] },
  bombOfTokens: { faults: [{ kind: "gzip-bomb", stream: "token", megabytes: 1024 }] },
  halfGzip: { size: 1050, faults: [{ kind: "half-gzip", ...users, page: 2, times: 1 }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof rows | keyof typeof bodies, Story>;
let ordinaryMb: number;

beforeAll(async () => {
  bench = await createFaultBench("hostile");
  const played = await bench.play(rows);
  ordinaryMb = await bench.peakMb();
  stories = { ...played, ...(await bench.play(bodies)) };
}, 300_000);
afterAll(() => bench?.close());

describe("B26 fields that are not as documented", () => {
  it.each([
    ["numberForText", ["displayName"]],
    ["unknownWords", ["licenseAssignmentStates.error", "userType"]],
    ["hostileNames", ["displayName"]],
    ["hugeNames", ["displayName"]],
  ] as const)("%s: the rows count, and the import names the fields", (key, fields) => {
    const { import: shown, before, after } = stories[key];
    expect(shown.state).toBe("succeeded");
    expect(streamOf(shown, "users")).toMatchObject({ quarantined: 0, unexpectedFields: fields });
    expect(figuresOf(after).map(({ consumed }) => consumed)).toEqual(
      before.map(({ consumed }) => consumed),
    );
  });

  it.each(["unknownTypes", "deepRow", "proto"] as const)("%s: changes nothing at all", (key) => {
    const { import: shown, before, after } = stories[key];
    expect(shown.state).toBe("succeeded");
    expect(streamOf(shown, "users")).toMatchObject({ quarantined: 0, unexpectedFields: [] });
    expect(figuresOf(after)).toEqual(figuresOf(before));
  });

  it("an account whose state Microsoft does not tell is not blocked", async () => {
    const { import: shown, after } = stories.nullBooleans;
    expect(shown.state).toBe("succeeded");
    expect(new Set(after.map(({ blocked }) => blocked ?? 0))).toEqual(new Set([0]));
  });

  it("names of a megabyte, NULs and lone surrogates are stored short and clean", async () => {
    const names = await bench.installation.db.ownerSql<{ name: string }[]>`
      select display_name as name from snapshot_users where workspace_id in ${bench.installation.db.ownerSql(
        [stories.hugeNames, stories.hostileNames].map(({ subject }) => subject.workspaceId),
      )} and display_name is not null`;
    expect(names.length).toBeGreaterThan(60);
    for (const { name } of names) {
      expect(name.length).toBeLessThanOrEqual(1024);
      expect(name).not.toMatch(/\0|\p{Surrogate}/u);
    }
    await expectTruth(bench.installation, stories.hostileNames.subject);
  });
});

describe("B26 rows that cannot be accepted", () => {
  it("one: set aside, counted, named; the rest is published", () => {
    const { import: shown } = stories.nullRow;
    expect(shown.state).toBe("succeeded");
    expect(streamOf(shown, "users")).toMatchObject({
      rows: 119,
      quarantined: 1,
      quarantinedFields: ["row"],
    });
  });

  it.each([
    ["nullRows", "users", 12, "row"],
    ["badIds", "users", 12, "id"],
    ["badUnits", "subscriptions", 2, "consumedUnits"],
    ["badTenant", "organization", 1, "displayName"],
  ] as const)("%s: held, the numbers stay", (key, stream, quarantined, field) => {
    const { import: shown } = stories[key];
    expect(shown.state).toBe("suspect");
    expect(datasetOf(shown, "directory").hold?.reasons).toContain("quarantined-rows");
    expect(streamOf(shown, stream)).toMatchObject({ quarantined, quarantinedFields: [field] });
    expectIntact(stories[key]);
  });
});

describe("B28 bodies that are far too large", () => {
  it.each(["gzipBomb", "hugeBody", "hugeNamesOnly", "deepest"] as const)(
    "%s: given up at the limit, asked for once, nothing moves",
    (key) => {
      expectFailed(stories[key], {
        stream: "users",
        told: {
          class: "upstream",
          code: "response-too-large",
          what: /^Microsoft's answer was larger than we accept\.$/,
        },
      });
      expect(requestsOf(stories[key].subject, "users")).toBe(1);
      expect(stories[key].seconds).toBeLessThan(100);
    },
  );

  it("of an optional list: that list is lost, the rest is published", async () => {
    const { import: shown, subject } = stories.bombOfGroups;
    expect(shown.state).toBe("partial");
    expect(streamOf(shown, "groups").error?.code).toBe("response-too-large");
    await expectTrueFigures(bench, subject);
  });

  it("instead of a token: the run ends, the connection stays as it was", () => {
    const error = { class: "upstream", code: "response-too-large" };
    expect(datasetOf(stories.bombOfTokens.import, "directory")).toMatchObject({ error });
    expectIntact(stories.bombOfTokens);
  });

  it("leave the worker processes about as large as they were", async () => {
    const peak = await bench.peakMb();
    expect(peak).toBeLessThan(ordinaryMb + 200);
  });

  it("and change nothing in the process: a tenant without faults is imported whole", async () => {
    const { subject } = stories.proto;
    subject.tenant.setFaults([]);
    expect((await subject.import(["directory"])).state).toBe("succeeded");
    await expectTruth(bench.installation, subject);
    await expectTrueFigures(bench, subject);
  });
});

it("B5 half of a compressed page is asked for whole", async () => {
  const { import: shown, subject } = stories.halfGzip;
  expect(shown.state).toBe("succeeded");
  expect(streamOf(shown, "users")).toMatchObject({ rows: 1050, pages: 2, retries: 1 });
  await expectTruth(bench.installation, subject);
});
