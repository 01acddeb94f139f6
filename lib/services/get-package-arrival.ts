import { z } from "zod";
import { databaseNow } from "#db/queries/clock";
import { findConnection } from "#db/queries/connections";
import { findLastPackage, listArrivalDays } from "#db/queries/package-arrivals";
import type { PackageArrival } from "#lib/domain/package-item";
import { packageRhythm, rhythmDays } from "#lib/domain/package-rhythm";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getPackageArrivalInput = z.strictObject({ connectionId: guid });

/** When the last package came and when the next one is due. Right: read. @throws UseCaseError `not-found`. */
export async function getPackageArrival(
  ctx: Ctx,
  input: z.input<typeof getPackageArrivalInput>,
): Promise<PackageArrival> {
  requireRight(ctx, "read");
  const { connectionId } = parseInput(getPackageArrivalInput, input);
  const key = { workspaceId: ctx.workspaceId, connectionId };
  return inWorkspace(ctx, async (tx) => {
    if ((await findConnection(tx, key)) === undefined) throw notFound("connection");
    const last = await findLastPackage(tx, key);
    const rhythm = packageRhythm(await listArrivalDays(tx, key, rhythmDays));
    const now = await databaseNow(tx);
    return {
      last:
        last === undefined
          ? null
          : {
              collectedAt: last.collectedAt.toISOString(),
              receivedAt: last.receivedAt.toISOString(),
            },
      rhythm:
        rhythm === null
          ? null
          : {
              everyDays: rhythm.everyDays,
              dueBy: rhythm.dueBy.toISOString(),
              overdue: rhythm.dueBy < now,
            },
    };
  });
}
