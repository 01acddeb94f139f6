import type { Failure } from "#lib/domain/failure";
import type { WorkerPlatform } from "./context.ts";
import type { AppAccess } from "./microsoft-gateway.ts";

/**
 * Refusals that a wrongly chosen cloud explains: a login that does not have the tenant (90002, 90038, 900382, 900432), or
 * one that does, asked for the Graph of another cloud (500011). Source: reference/microsoft-graph.md §1.4, §1.5.
 */
const explained: readonly string[] = [
  "tenant-not-found",
  "tenant-other-cloud",
  "app-misconfigured",
];

/**
 * A refusal that may come from the wrong cloud, with the cloud the tenant really lives in as the fact `cloud`, so that
 * a person is told which one to choose. Every other failure stays as it is.
 */
export async function withCloud(
  { microsoft }: Pick<WorkerPlatform, "microsoft">,
  access: Pick<AppAccess, "tenantId" | "cloud">,
  failure: Failure,
  signal: AbortSignal,
): Promise<Failure> {
  if (!explained.includes(failure.code)) return failure;
  const cloud = await microsoft.cloudOf(access.tenantId, signal);
  if (cloud === null || cloud === access.cloud) return failure;
  const facts = { ...failure.facts, cloud, chosen: access.cloud };
  return { ...failure, class: "tenant", code: "tenant-other-cloud", facts };
}
