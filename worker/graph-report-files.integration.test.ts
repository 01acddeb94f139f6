import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFaultBench, type FaultBench, type Plot, type Story } from "./testing/fault-bench.ts";
import {
  datasetOf,
  expectIntact,
  expectReportLost,
  figuresOf,
  streamOf,
} from "./testing/stories.ts";
import { expectTrueFigures } from "./testing/true-figures.ts";

const usage = ["directory", "usage"] as const;
const teams = { endpoint: "getTeamsUserActivityUserDetail" } as const;
const activeUsers = { endpoint: "getOffice365ActiveUserDetail" } as const;

const plots = {
  malformed: { datasets: usage, faults: [{ kind: "report-shape", ...teams, shape: "malformed" }] },
  malformedActive: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...activeUsers, shape: "malformed" }],
  },
  openQuote: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "unterminated-quote" }],
  },
  cutShort: { datasets: usage, faults: [{ kind: "report-shape", ...teams, shape: "truncated" }] },
  nuls: {
    datasets: ["directory", "sign-ins", "usage"],
    faults: [{ kind: "report-shape", shape: "nul" }],
  },
  enormous: {
    datasets: usage,
    faults: [{ kind: "report-shape", ...teams, shape: "huge", lines: 100_000 }],
  },
  endless: { datasets: usage, faults: [{ kind: "huge-body", endpoint: "download" }] },
  bomb: { datasets: usage, faults: [{ kind: "gzip-bomb", endpoint: "download" }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let ordinaryMb: number;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("report files");
  await (await bench.connect()).import(usage);
  ordinaryMb = await bench.peakMb();
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

describe("B29 broken files", () => {
  it.each(["malformed", "openQuote", "cutShort"] as const)("%s: that report is not read", (key) => {
    const what = expect.stringMatching(/the Teams report in a form that cannot be read/);
    expectReportLost(stories[key], { code: "report-malformed", what });
  });

  it("NULs are taken out", async () => {
    expect(stories.nuls.import.state).toBe("succeeded");
    await expectTrueFigures(bench, stories.nuls.subject, { signIns: true, usage: true });
  });

  it("a hundred thousand lines are streamed", () => {
    expect(stories.enormous.import.state).toBe("succeeded");
    expect(streamOf(stories.enormous.import, "usage").rows).toBeGreaterThan(100_000);
    expect(figuresOf(stories.enormous.after)).toEqual(figuresOf(stories.enormous.before));
  });

  it.each(["endless", "bomb"] as const)("%s files are given up, the old snapshot stays", (key) => {
    const { error, state } = datasetOf(stories[key].import, "usage");
    expect({ state, class: error?.class }).toEqual({ state: "failed", class: "upstream" });
    expect(["report-malformed", "response-too-large"]).toContain(error?.code);
    expectIntact(stories[key], "usage");
    expect(stories[key].seconds).toBeLessThan(100);
  });

  it("in active users: the dataset fails, the old snapshot stays", () => {
    expect(datasetOf(stories.malformedActive.import, "usage")).toMatchObject({
      state: "failed",
      error: { class: "upstream", code: "report-malformed" },
    });
    expectIntact(stories.malformedActive, "usage");
  });

  it("leave the worker processes about as large as they were", async () => {
    expect(await bench.peakMb()).toBeLessThan(ordinaryMb + 200);
  });
});
