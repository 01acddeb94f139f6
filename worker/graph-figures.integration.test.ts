import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import { figuresOf, licenseOf, perUser, streamOf } from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";
import { expectTruth } from "./testing/worker-bench.ts";

const e3 = "05e9a617-0261-4cee-bb44-138d3ef5d965";
const free = "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235";
const everything = ["directory", "sign-ins", "usage"] as const;

const plots = {
  // B22, B36, B37, B41, B42, B43
  acquired: { size: 300, profile: "acquired", datasets: everything },
  tidy: { size: 300, datasets: everything },
  // B34
  oneUnitNull: { faults: [{ kind: "prepaid-units", shape: "one-null", sku: e3 }] },
  unitsNull: { faults: [{ kind: "prepaid-units", shape: "all-null", sku: e3 }] },
  unitsMissing: { faults: [{ kind: "prepaid-units", shape: "missing", sku: e3 }] },
  // B42
  noSubscriptions: { faults: [{ kind: "forbidden", endpoint: "subscriptions" }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("figures");
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

describe("a whole tenant, all three datasets", () => {
  it.each(["acquired", "tidy"] as const)("%s: every figure is the tenant's", async (key) => {
    expect(stories[key].import.state).toBe("succeeded");
    await expectTruth(bench.installation, stories[key].subject);
    await expectTrueFigures(bench, stories[key].subject, { signIns: true, usage: true });
  });

  it("B22 more seats than units: negative, short, at risk, never clamped", () => {
    const short = perUser(stories.acquired.after).filter(({ available }) => (available ?? 0) < 0);
    expect(short.length).toBeGreaterThan(0);
    for (const { available, shortfall, compliance } of short) {
      expect({ shortfall, compliance }).toEqual({
        shortfall: -(available ?? 0),
        compliance: "at-risk",
      });
    }
    expect(stories.acquired.after.some(({ suspended }) => (suspended ?? 0) > 0)).toBe(true);
  });

  it("B41 shared SKUs have no seats, free ones no compliance", () => {
    const shared = stories.tidy.after.filter((license) => license.type === "tenant");
    expect(shared.length).toBeGreaterThan(0);
    for (const license of shared) {
      expect(license).toMatchObject({
        compliance: "not-applicable",
        flags: expect.arrayContaining(["capacity"]),
        unavailable: { consumed: "not-per-user", available: "not-per-user" },
      });
    }
    expect(licenseOf(stories.tidy.after, free)).toMatchObject({
      compliance: "not-applicable",
      flags: expect.arrayContaining(["free-pool"]),
      exposure: null,
    });
  });

  it("B42 units in grace cover seats and are named; trials are told apart", () => {
    const { after } = stories.acquired;
    const onGrace = after.filter(({ flags }) => flags.includes("depends-on-grace"));
    expect(onGrace.length).toBeGreaterThan(0);
    for (const { compliance, enabled, consumed } of onGrace) {
      expect(compliance).toBe("compliant");
      expect(consumed ?? 0).toBeGreaterThan(enabled ?? 0);
    }
    for (const { unassignedUnits } of after.filter(({ flags }) => flags.includes("trial"))) {
      expect(unassignedUnits).toBe(0);
    }
  });
});

describe("B34 units that are null", () => {
  it("one of them is 0, the others and all other licenses stay", () => {
    const known = (licenses: Story["after"]) =>
      figuresOf(licenses).map((license) =>
        license.skuId === e3
          ? {
              ...license,
              suspended: 0,
              flags: license.flags.filter((flag) => flag !== "suspended"),
            }
          : license,
      );
    expect(figuresOf(stories.oneUnitNull.after)).toEqual(known(stories.oneUnitNull.before));
    expect(licenseOf(stories.oneUnitNull.after, e3).entitled).toBeGreaterThan(0);
  });

  it.each(["unitsNull", "unitsMissing"] as const)(
    "%s: unknown with a reason, never zero",
    (key) => {
      expect(licenseOf(stories[key].after, e3)).toMatchObject({
        enabled: null,
        entitled: null,
        available: null,
        shortfall: null,
        compliance: "unknown",
        unassignedUnits: null,
        idleUnits: 0,
        unavailable: { enabled: "not-reported", entitled: "not-reported" },
      });
    },
  );
});

it("B42 subscriptions not readable: trials are unknown and nothing is built on them", () => {
  const { import: shown, after } = stories.noSubscriptions;
  expect(shown.state).toBe("partial");
  expect(streamOf(shown, "subscriptions").error).toMatchObject({ code: "permission-missing" });
  const counted = perUser(after).filter(({ flags }) => !flags.includes("free-pool"));
  expect(counted.length).toBeGreaterThan(3);
  for (const license of counted) {
    expect(license).toMatchObject({
      trial: null,
      unassignedUnits: null,
    });
  }
});
