import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Dataset, importStates, type RunState, runStates } from "./import.ts";
import {
  importState,
  isExpectedAbsence,
  type ReadOutcome,
  type RunOutcome,
  streamState,
} from "./import-state.ts";
import { unavailableReasons } from "./quantity.ts";

const read = (
  state: ReadOutcome["state"],
  need: ReadOutcome["need"] = "mandatory",
  reason: ReadOutcome["reason"] = null,
  permission: string | null = null,
): ReadOutcome => ({ need, state, reason, permission });
const done = read("complete");
const optional = (state: ReadOutcome["state"]) => read(state, "optional");

describe("streamState", () => {
  it.each([
    ["nothing begun", [read("queued"), read("queued")], "running", "queued"],
    ["under way", [read("running")], "running", "running"],
    ["between two reads", [done, read("queued")], "running", "running"],
    ["all read", [done, done], "running", "succeeded"],
    ["B17: forbidden", [read("unavailable")], "failed", "unavailable"],
    ["broken", [read("failed")], "failed", "failed"],
    ["one report lost, the main one there", [done, optional("failed")], "succeeded", "succeeded"],
    ["main report lost", [read("unavailable"), optional("complete")], "failed", "unavailable"],
    ["B17: groups forbidden", [optional("unavailable")], "succeeded", "unavailable"],
    ["groups broken", [optional("failed")], "succeeded", "failed"],
    ["cancelled half way", [read("running")], "cancelled", "cancelled"],
    ["never reached, run failed elsewhere", [optional("queued")], "failed", "cancelled"],
    ["failed, the rest unread", [read("failed"), read("queued")], "failed", "failed"],
    ["read before the run was cancelled", [done], "cancelled", "succeeded"],
    ["run waits for a decision", [done, done], "suspect", "succeeded"],
  ] as const)("%s", (_title, reads, run, state) => {
    expect(streamState(reads, run)).toBe(state);
  });
});

const run = (
  dataset: Dataset,
  state: RunState,
  reads: readonly ReadOutcome[] = [done],
): RunOutcome => ({
  dataset,
  state,
  reads,
});
const directory = run("directory", "succeeded");
const signIns = run("sign-ins", "succeeded");
const usage = run("usage", "succeeded");

describe("importState", () => {
  it.each([
    ["asked for", [run("directory", "queued"), run("usage", "queued")], "queued"],
    ["one taken", [run("directory", "running"), run("usage", "queued")], "running"],
    ["directory published, slow ones go on", [directory, run("sign-ins", "running")], "running"],
    ["all three", [directory, signIns, usage], "succeeded"],
    ["no directory", [run("directory", "failed"), signIns, usage], "failed"],
    ["directory held", [run("directory", "suspect"), signIns], "suspect"],
    ["usage held", [directory, run("usage", "suspect")], "suspect"],
    ["cancelled", [run("directory", "cancelled"), run("usage", "cancelled")], "cancelled"],
    ["superseded", [run("directory", "superseded")], "superseded"],
    ["usage cancelled alone", [directory, signIns, run("usage", "cancelled")], "partial"],
    ["usage broken", [directory, signIns, run("usage", "failed", [read("failed")])], "partial"],
    [
      "usage stuck without a failed read",
      [directory, signIns, run("usage", "failed", [read("running")])],
      "partial",
    ],
    [
      "one optional report lost",
      [directory, signIns, run("usage", "succeeded", [done, optional("failed")])],
      "partial",
    ],
  ] as const)("%s", (_title, runs, state) => {
    expect(importState(runs)).toBe(state);
  });

  const withoutSignIns = (reason: ReadOutcome["reason"], permission: string | null = null) => [
    directory,
    run("sign-ins", "failed", [read("unavailable", "mandatory", reason, permission)]),
    usage,
  ];

  it("B38: a tenant without Entra P1 succeeds, whichever way its run ended", () => {
    expect(importState(withoutSignIns("not-licensed"))).toBe("succeeded");
    const ended = run("sign-ins", "succeeded", [read("unavailable", "mandatory", "not-licensed")]);
    expect(importState([directory, ended, usage])).toBe("succeeded");
  });

  it("B17: a permission is expected to be absent only when it was declined at Verify", () => {
    const runs = withoutSignIns("permission", "AuditLog.Read.All");
    expect(importState(runs)).toBe("partial");
    expect(importState(runs, ["Reports.Read.All"])).toBe("partial");
    expect(importState(runs, ["AuditLog.Read.All"])).toBe("succeeded");
  });

  it("B18: concealed names leave it succeeded", () => {
    const concealed = run("usage", "failed", [read("unavailable", "mandatory", "concealed")]);
    expect(importState([directory, signIns, concealed])).toBe("succeeded");
  });

  it("an expected absence does not hide another loss", () => {
    const reads = [optional("failed"), read("unavailable", "mandatory", "not-licensed")];
    expect(importState([directory, run("sign-ins", "failed", reads)])).toBe("partial");
    const stuck = [read("unavailable", "optional", "not-offered-in-cloud"), read("running")];
    expect(importState([directory, run("usage", "failed", stuck)])).toBe("partial");
  });

  it("refuses runs without a directory", () => {
    expect(() => importState([usage])).toThrow(RangeError);
  });

  it("always answers, and never calls it succeeded without a published directory", () => {
    const anyRead = fc.record({
      need: fc.constantFrom("mandatory" as const, "optional" as const),
      state: fc.constantFrom("queued", "running", "complete", "unavailable", "failed"),
      reason: fc.option(fc.constantFrom(...unavailableReasons), { nil: null }),
      permission: fc.option(fc.constant("AuditLog.Read.All"), { nil: null }),
    }) as fc.Arbitrary<ReadOutcome>;
    const anyRun = (dataset: Dataset) =>
      fc.record({
        dataset: fc.constant(dataset),
        state: fc.constantFrom(...runStates),
        reads: fc.array(anyRead, { maxLength: 4 }),
      });
    fc.assert(
      fc.property(anyRun("directory"), anyRun("sign-ins"), anyRun("usage"), (...runs) => {
        const state = importState(runs, ["AuditLog.Read.All"]);
        expect(importStates).toContain(state);
        if (state === "succeeded" || state === "partial") expect(runs[0].state).toBe("succeeded");
        const active = runs.some(({ state: of }) => of === "running" || of === "queued");
        expect(["queued", "running"].includes(state)).toBe(active);
      }),
    );
  });
});

it("isExpectedAbsence knows four reasons and the declined permission", () => {
  const expected = unavailableReasons.filter((reason) =>
    isExpectedAbsence({ reason, permission: "Reports.Read.All" }, []),
  );
  expect(expected).toEqual(["not-offered-in-cloud", "not-licensed", "concealed", "not-reported"]);
});
