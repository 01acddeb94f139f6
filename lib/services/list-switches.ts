import { z } from "zod";
import { listParallelRuns } from "#db/queries/parallel-runs";
import { listSupersessionRows } from "#db/queries/supersessions";
import { listConnectedTenants } from "#db/queries/switch-facts";
import type { Source } from "#lib/domain/connection";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { parseInput } from "./input.ts";
import { inSnapshot } from "./read-list.ts";
import {
  type ParallelRunItem,
  type SupersessionItem,
  toRunItem,
  toSwitchItem,
} from "./switch-view.ts";

export const listSwitchesInput = z.strictObject({});

/** A tenant as a switch names it. */
export interface SwitchTenantItem {
  readonly tenantName: string | null;
  /** The connection of the source that stands, or is to stand, for the others; null = not connected any more. */
  readonly connectionId: string | null;
}

/** Everything that decides which source counts where. */
export interface SwitchList {
  readonly inForce: readonly (SupersessionItem & SwitchTenantItem)[];
  readonly parallelRuns: readonly (ParallelRunItem & SwitchTenantItem)[];
  /** Tenants per source with published numbers. */
  readonly tenants: Readonly<Record<Source, number>>;
}

/** The switches in force and those asked for ahead. Right: read. */
export async function listSwitches(
  ctx: Ctx,
  input: z.input<typeof listSwitchesInput> = {},
): Promise<SwitchList> {
  requireRight(ctx, "read");
  parseInput(listSwitchesInput, input);
  const { workspaceId } = ctx;
  return inSnapshot(ctx, async (tx) => {
    const connected = await listConnectedTenants(tx, { workspaceId });
    const named = <T extends Pick<SupersessionItem, "by" | "tenantId">>(item: T) => {
      const here = connected.filter((one) => one.tenantId === item.tenantId);
      return {
        ...item,
        tenantName: here[0]?.tenantName ?? null,
        connectionId: here.find((one) => one.source === item.by)?.connectionId ?? null,
      };
    };
    const tenants = (source: Source) => connected.filter((one) => one.source === source).length;
    return {
      inForce: (await listSupersessionRows(tx, { workspaceId })).map(toSwitchItem).map(named),
      parallelRuns: (await listParallelRuns(tx, { workspaceId })).map(toRunItem).map(named),
      tenants: {
        "office-365-deprecated": tenants("office-365-deprecated"),
        "microsoft-365": tenants("microsoft-365"),
        "saas-management": tenants("saas-management"),
      },
    };
  });
}
