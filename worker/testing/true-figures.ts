import { expect } from "vitest";
import {
  readFullTruth,
  type TrueSources,
  trueActivity,
} from "../../db/testing/simulated-import.ts";
import type { FaultBench, Subject } from "./fault-bench.ts";
import { licenseOf } from "./stories.ts";

/**
 * Every license as listed equals the tenant as it is: units, seats by origin, errors, blocked, guests and, where
 * `sources` says what was read, activity by the rules of lib/domain. Seats. Source: DESIGN §5.
 */
export async function expectTrueFigures(
  { simulator }: FaultBench,
  { tenant, licenses }: Subject,
  sources: TrueSources | null = null,
): Promise<void> {
  const truth = await readFullTruth(simulator, tenant.spec.id);
  const listed = await licenses();
  const skus = truth.skus.filter((sku) => sku.listed || sku.holders > 0);
  expect(listed.map((license) => license.skuId).sort()).toEqual(skus.map((sku) => sku.skuId));
  expect(skus.length).toBeGreaterThan(3);
  for (const sku of skus) {
    const license = licenseOf(listed, sku.skuId);
    const shared = sku.appliesTo === "Company";
    const entitled = (sku.units?.enabled ?? 0) + (sku.units?.warning ?? 0);
    const day = license.evaluatedOn ?? "";
    expect(license).toMatchObject({
      status: "active",
      type: shared ? "tenant" : "named-user",
      enabled: sku.units?.enabled ?? 0,
      expiring: sku.units?.warning ?? 0,
      suspended: sku.units?.suspended ?? 0,
      lockedOut: sku.units?.lockedOut ?? 0,
      entitled,
      trial: sku.trialUnits,
      consumed: shared ? null : sku.holders,
      available: shared ? null : entitled - sku.holders,
      shortfall: shared ? null : Math.max(0, sku.holders - entitled),
      assigned: shared ? null : sku.assigned,
      blocked: shared ? null : sku.blocked,
      guests: shared ? null : sku.guests,
      activity: shared || sources === null ? null : trueActivity(truth, sku.skuId, sources, day),
    });
  }
}
