import { expect, it } from "vitest";
import { runChaos } from "./run-chaos.ts";

it("six kills of workers, PostgreSQL and the network: every import comes back and equals its tenant (A1, A4, A6)", async () => {
  const log: string[] = [];
  const report = await runChaos({
    kills: 6,
    seed: 3,
    lanes: 3,
    workers: 2,
    progress: (line) => void log.push(line),
  });
  expect({ ...report, log }).toMatchObject({
    kills: 6,
    differences: 0,
    halfSnapshotsSeen: 0,
    problems: [],
  });
  expect(report.imports).toBeGreaterThan(2);
  expect(report.looks).toBeGreaterThan(100);
  expect(report.longestRecovery).toBeLessThan(60);
}, 300_000);
