import { describe, expect, it } from "vitest";
import type { Source } from "./connection.ts";
import { sources } from "./connection.ts";
import { type SwitchFacts, type SwitchLicense, unsettledConnections } from "./switch-facts.ts";
import { choicesInForce, previewSwitch, previewUndo, type SwitchPlan } from "./switch-preview.ts";
import { obstacleText } from "./switching.ts";

const connection = (source: Source, tenantId = "t1") => ({
  connectionId: `${source}@${tenantId}`,
  tenantId,
  tenantName: `Tenant ${tenantId}`,
  source,
  directoryAsOf: "2026-11-29T02:00:00.000Z",
});

const license = (
  source: Source,
  sku: number | null,
  given: Partial<SwitchLicense> = {},
): SwitchLicense => ({
  licenseId: `${source} ${sku} ${given.tenantId ?? "t1"}`,
  connectionId: `${source}@${given.tenantId ?? "t1"}`,
  source,
  tenantId: "t1",
  skuId: sku === null ? null : `sku-${sku}`,
  productName: `Product ${sku}`,
  partNumber: null,
  type: "named-user",
  retiredReason: null,
  flags: [],
  entitled: 10,
  consumed: 8,
  available:
    given.entitled === null || given.consumed === null
      ? null
      : (given.entitled ?? 10) - (given.consumed ?? 8),
  reported: 8,
  ...given,
});

const move: SwitchPlan = { by: "microsoft-365", tenantId: "t1", choices: [] };
const everywhere: SwitchPlan = { by: "saas-management", tenantId: null, choices: [] };

const moving: SwitchFacts = {
  connections: [connection("office-365-deprecated"), connection("microsoft-365")],
  licenses: [
    license("office-365-deprecated", 1, { consumed: 12 }),
    license("office-365-deprecated", 2),
    license("office-365-deprecated", 3, { retiredReason: "manual" }),
    license("microsoft-365", 1, { retiredReason: "parallel-run", consumed: 11 }),
    license("microsoft-365", 4, { retiredReason: "parallel-run", entitled: null }),
    license("microsoft-365", 5, {
      retiredReason: "parallel-run",
      entitled: 0,
      consumed: 0,
      reported: null,
    }),
  ],
  supersessions: [],
};

describe("previewSwitch", () => {
  it("pairs by tenant and skuId and tells each license's status now and after", () => {
    const preview = previewSwitch(moving, move);
    const rows = new Map(preview.licenses.map((row) => [row.licenseId, row]));
    expect(rows.get("office-365-deprecated 1 t1")).toMatchObject({
      now: null,
      after: "superseded-by-microsoft-365",
      counterpart: {
        licenseId: "microsoft-365 1 t1",
        difference: { entitled: 0, consumed: -1 },
      },
      disagrees: false,
    });
    expect(rows.get("office-365-deprecated 2 t1")).toMatchObject({
      after: "superseded-by-microsoft-365",
      counterpart: null,
    });
    expect(rows.get("office-365-deprecated 3 t1")).toMatchObject({
      now: "manual",
      after: "manual",
    });
    expect(preview.added.map((row) => [row.licenseId, row.after])).toEqual([
      ["microsoft-365 4 t1", null],
      ["microsoft-365 5 t1", "no-longer-reported"],
    ]);
    expect(preview.obstacle).toBeNull();
    expect(preview.changed).toEqual(["office-365-deprecated@t1", "microsoft-365@t1"]);
  });

  it("tells the totals before and after; unknown stays unknown and nothing is netted", () => {
    const { before, after } = previewSwitch(moving, move);
    expect(before).toEqual({
      licenses: 2,
      atRisk: 1,
      unknown: 0,
      entitled: 20,
      consumed: 20,
      shortfall: 2,
      surplus: 2,
    });
    expect(after).toEqual({
      licenses: 2,
      atRisk: 1,
      unknown: 1,
      entitled: 10,
      consumed: 19,
      shortfall: 1,
      surplus: 0,
    });
  });

  it("is taken back exactly by its undo", () => {
    const switched: SwitchFacts = {
      ...moving,
      supersessions: [{ by: "microsoft-365", tenantId: "t1" }],
      licenses: moving.licenses.map((one) => ({
        ...one,
        retiredReason:
          one.retiredReason === "manual"
            ? "manual"
            : one.source === "microsoft-365"
              ? null
              : "superseded-by-microsoft-365",
      })),
    };
    const undone = previewUndo(switched, move, []);
    expect(undone.after).toEqual(previewSwitch(moving, move).before);
    expect(undone.changed).toEqual(["office-365-deprecated@t1", "microsoft-365@t1"]);
  });

  it.each([
    [
      "nothing imported above",
      { ...moving, connections: [connection("office-365-deprecated")] },
      move,
      "not-imported",
    ],
    ["nothing connected at all", { ...moving, connections: [] }, move, "not-imported"],
    [
      "nothing below",
      { ...moving, connections: [connection("microsoft-365")] },
      move,
      "nothing-to-supersede",
    ],
    [
      "a count that differs by more than a third",
      {
        ...moving,
        licenses: [
          license("office-365-deprecated", 1, { consumed: 30 }),
          license("microsoft-365", 1),
        ],
      },
      move,
      "counts-disagree",
    ],
  ] as const)("is in the way: %s", (_title, facts, plan, kind) => {
    const { obstacle } = previewSwitch(facts, plan);
    expect(obstacle?.kind).toBe(kind);
    expect(obstacle && obstacleText(obstacle, plan.by)).toMatch(/\.$/);
  });

  it("wants a choice for each tenant without a successor, and follows it", () => {
    const facts: SwitchFacts = {
      connections: [
        connection("microsoft-365"),
        connection("saas-management"),
        connection("microsoft-365", "t2"),
        connection("office-365-deprecated", "t3"),
      ],
      licenses: [
        license("microsoft-365", 1),
        license("saas-management", 1, { retiredReason: "parallel-run" }),
        license("microsoft-365", 1, { tenantId: "t2" }),
        license("office-365-deprecated", 1, { tenantId: "t3" }),
      ],
      supersessions: [],
    };
    expect(previewSwitch(facts, everywhere).obstacle).toEqual({
      kind: "undecided-tenants",
      tenantIds: ["t2", "t3"],
    });
    const preview = previewSwitch(facts, {
      ...everywhere,
      choices: [
        { tenantId: "t1", choice: "keep" },
        { tenantId: "t2", choice: "keep" },
        { tenantId: "t3", choice: "retire" },
      ],
    });
    expect(preview.obstacle).toBeNull();
    // The choice about a tenant that has a successor is none.
    expect(choicesInForce(preview, "keep")).toEqual(["t2"]);
    expect(choicesInForce(preview, "retire")).toEqual(["t3"]);
    expect(preview.licenses.map(({ tenantId, after }) => [tenantId, after]).sort()).toEqual([
      ["t1", "superseded-by-saas-management"],
      ["t2", null],
      ["t3", "superseded-by-saas-management"],
    ]);
    expect(preview.tenants.map(({ after }) => after.licenses)).toEqual([1, 1, 0]);
  });

  it("counts each product once per tenant, before and after, whichever sources are there", () => {
    for (let set = 1; set < 1 << sources.length; set += 1) {
      const present = sources.filter((_, index) => (set & (1 << index)) !== 0);
      const facts: SwitchFacts = {
        connections: present.map((source) => connection(source)),
        licenses: present.map((source) => license(source, 1)),
        supersessions: [],
      };
      for (const plan of [move, { ...everywhere, tenantId: "t1" }]) {
        expect(previewSwitch(facts, plan).after.licenses).toBeLessThanOrEqual(1);
      }
    }
  });
});

it("finds what has to count once the source below is gone", () => {
  const facts: SwitchFacts = {
    connections: [connection("microsoft-365")],
    licenses: [license("microsoft-365", 1, { retiredReason: "parallel-run" })],
    supersessions: [],
  };
  expect(unsettledConnections(facts)).toEqual(["microsoft-365@t1"]);
  expect(unsettledConnections({ ...facts, licenses: [license("microsoft-365", 1)] })).toEqual([]);
});
