import { z } from "zod";
import { findConnection } from "#db/queries/connections";
import { listSupersessionRows, toSupersession } from "#db/queries/supersessions";
import { loadSwitchFacts } from "#db/queries/switch-facts";
import type { Source } from "#lib/domain/connection";
import {
  countingSource,
  leftOutOf,
  type Standing,
  type SupersedingSource,
  supersedingSources,
  takesPrecedence,
} from "#lib/domain/precedence";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";

export const getStandingInput = z.strictObject({ connectionId: guid });

/**
 * Whether a connection's licenses count in their tenant, which other source counts there, and what could be switched to.
 * Null without a tenant, for a disconnected connection, and above another source before the first import. Source: DESIGN §5 Superseding. Right: read.
 * @throws UseCaseError `not-found`.
 */
export async function getStanding(
  ctx: Ctx,
  input: z.input<typeof getStandingInput>,
): Promise<Standing | null> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(getStandingInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) => {
    const connection = await findConnection(tx, { workspaceId, connectionId });
    if (connection === undefined) throw notFound("connection");
    const { tenantId, source, status } = connection;
    if (tenantId === null || status === "disconnected") return null;
    const { connections } = await loadSwitchFacts(tx, { workspaceId, tenantId });
    const rows = await listSupersessionRows(tx, { workspaceId, tenantId });
    const present = connections.map((one) => one.source);
    const tenant = { tenantId, present, supersessions: rows.flatMap(toSupersession) };
    const counting = countingSource(tenant);
    const leftOut = leftOutOf(source, tenant);
    if (leftOut === null) return { kind: "counts", to: nextAbove(source, present) };
    const self = supersedingSources.find((one) => one === source);
    if (leftOut === "parallel-run" && self !== undefined) {
      // Before its first import there is nothing to compare or to switch to.
      return present.includes(source) ? { kind: "parallel-run", counting, to: self } : null;
    }
    const by = supersedingSources.find((one) => leftOut === `superseded-by-${one}`);
    if (by === undefined) return null;
    const own = rows.some((row) => row.by === by && row.tenantId === tenantId);
    return { kind: "superseded", by, counting, wide: !own };
  });
}

/** A source above that is there already; else, for the deprecated connector, the one that replaces it. */
function nextAbove(source: Source, present: readonly Source[]): SupersedingSource | null {
  const above = supersedingSources.filter((one) => takesPrecedence(one, source));
  return (
    above.find((one) => present.includes(one)) ??
    (source === "office-365-deprecated" ? "microsoft-365" : null)
  );
}
