import {
  listDueOrganisations,
  listDueSaasChecks,
  removeOldChecks,
  requestCheckUnlessOpen,
} from "#db/queries/saas-checks";
import { lockOrganisation } from "#db/queries/saas-organisations";
import type { Platform } from "./context.ts";

type Part = Pick<Platform, "db" | "queue">;

/** Sends every check that nobody may be working on; a job that lives is not doubled. Returns how many there are. */
export async function wakeOrganisationChecks({ db, queue }: Part): Promise<number> {
  const due = await db.outside((tx) => listDueSaasChecks(tx));
  for (const { workspaceId, checkId: id } of due) {
    await db.inWorkspace(workspaceId, (tx) =>
      queue.send(tx, "saas-check", { workspaceId, id }, id),
    );
  }
  return due.length;
}

/**
 * Has the credential of every organisation that nobody looked at for a day checked, so that a revoked one shows before an
 * import needs it. Any number of workers ask once: the row is locked and one check at a time is open. Returns how many
 * were asked for.
 */
export async function askOrganisationChecks(part: Part, signal: AbortSignal): Promise<number> {
  const { db, queue } = part;
  let asked = 0;
  for (const key of await db.outside((tx) => listDueOrganisations(tx))) {
    if (signal.aborted) return asked;
    const { workspaceId } = key;
    const id = await db.inWorkspace(workspaceId, async (tx) => {
      if ((await lockOrganisation(tx, key)) === undefined) return undefined;
      const requestedBy = "Nightly check";
      const check = { ...key, credentialId: null, requestedBy };
      const requested = await requestCheckUnlessOpen(tx, check);
      if (requested === undefined) return undefined;
      await queue.send(tx, "saas-check", { workspaceId, id: requested }, requested);
      await removeOldChecks(tx, key);
      return requested;
    });
    if (id !== undefined) asked += 1;
  }
  return asked;
}
