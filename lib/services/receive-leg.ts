import type { Tx } from "#db/client";
import type { ConsentLeg } from "#db/queries/consent";
import type { LegCallback } from "#lib/microsoft/consent";
import {
  type ConsentRefusal,
  type ConsentReturn,
  lockLeg,
  type OpenLeg,
  refuseLeg,
  type TakenLeg,
  takeLeg,
  unsolicited,
} from "./consent-return.ts";
import type { Platform } from "./context.ts";

/**
 * What both legs' returns have in common: `error` first, then who came back, then whether the way is still open.
 * `goOn` continues with what Microsoft granted, in the transaction that has locked the connection.
 * Source: DESIGN §7 step 3a, reference/fault-catalogue.md §2.
 */
export async function receiveLeg<Brought, Received>(
  platform: Platform,
  leg: ConsentLeg,
  returned: ConsentReturn,
  callback: LegCallback<Brought>,
  goOn: (tx: Tx, taken: TakenLeg, open: OpenLeg, brought: Brought) => Promise<Received>,
): Promise<Received | ConsentRefusal> {
  if (callback.kind === "unsolicited") return unsolicited;
  const taken = await takeLeg(platform, leg, callback.state, returned);
  if (taken.kind === "refused") return taken;
  return platform.db.inWorkspace(taken.attempt.workspaceId, async (tx) => {
    const locked = await lockLeg(tx, taken);
    if (locked.kind === "over") return refuseLeg(tx, leg, taken, locked);
    if (callback.kind === "granted") return goOn(tx, taken, locked, callback.brought);
    const { kind, error, errorNumber, correlationId } = callback;
    return refuseLeg(tx, leg, taken, {
      reason: kind === "declined" ? "declined" : "refused-by-microsoft",
      to: locked.to,
      error: { error, errorNumber, correlationId },
    });
  });
}
