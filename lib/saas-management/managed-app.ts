import { FailureError } from "#lib/domain/failure";
import type { ApplicationNote } from "#lib/domain/field-notes";
import type { QuarantinedRow } from "#lib/import/ports";
import type { AppView, SaasManagementClient, SaasReadOptions } from "./client.ts";
import { type ManagedApp, type MappedApps, saysTheSame } from "./map.ts";

/** A managed application with those below it. */
export interface FoundApp {
  readonly own: ManagedApp;
  readonly below: readonly ManagedApp[];
  /** It was listed twice and not alike: which listing is right cannot be told. */
  readonly contradictions: readonly QuarantinedRow[];
  /** Names of fields, never values, and what was noted of them (lib/domain/field-notes). */
  readonly notes: readonly string[];
}

interface Listed {
  readonly app: ManagedApp;
  readonly contradictory: boolean;
  readonly notes: readonly string[];
}

const listedTwice: ApplicationNote = "listed-twice";

/** The application as a list has it; the list is read to its end, since it may come again. */
async function findListed(
  pages: AsyncIterable<MappedApps>,
  appId: string,
): Promise<Listed | undefined> {
  let found: Listed | undefined;
  for await (const { rows, notes, repeated, contradictory } of pages) {
    const app = rows.find(({ id }) => id === appId);
    if (app === undefined) continue;
    const again = found !== undefined && !saysTheSame(found.app, app);
    const twice = found !== undefined || repeated.includes(appId);
    found = {
      app,
      contradictory: again || contradictory.includes(appId) || found?.contradictory === true,
      notes: [...(found?.notes ?? []), ...notes, ...app.notes, ...(twice ? [listedTwice] : [])],
    };
  }
  return found;
}

/**
 * Finds an application among those of the organisation, and reads those below it by their own addresses when their
 * licenses are asked for.
 * @throws FailureError `saas-app-gone`, and those of the client.
 */
export async function findApp(
  client: SaasManagementClient,
  appId: string,
  view: AppView,
  read: SaasReadOptions,
): Promise<FoundApp> {
  const extended = await findListed(client.managedApps("extended", read), appId);
  if (extended === undefined) throw gone(appId);
  const notes = new Set(extended.notes);
  const contradictory = [extended.contradictory];
  let own = extended.app;
  const below = new Map<string, ManagedApp>();
  if (view === "licenseUsage") {
    const withLicenses = await findListed(client.managedApps(view, read), appId);
    if (withLicenses === undefined) throw gone(appId);
    own = { ...withLicenses.app, childHrefs: extended.app.childHrefs };
    contradictory.push(withLicenses.contradictory);
    for (const note of withLicenses.notes) notes.add(note);
    for await (const page of client.childApps(own, view, read)) {
      for (const note of page.notes) notes.add(note);
      for (const app of page.rows.filter(({ id }) => id !== own.id)) {
        const before = below.get(app.id);
        contradictory.push(before !== undefined && !saysTheSame(before, app));
        for (const note of before === undefined ? app.notes : [listedTwice]) notes.add(note);
        below.set(app.id, app);
      }
    }
  }
  const contradicts = contradictory.includes(true);
  // Held by what contradicts: that it was read once would not be true then.
  if (contradicts) notes.delete(listedTwice);
  return {
    own,
    below: [...below.values()],
    contradictions: contradicts ? [{ field: "id", problem: "listed twice" }] : [],
    notes: [...notes],
  };
}

const gone = (appId: string) =>
  new FailureError({ class: "tenant", code: "saas-app-gone", facts: { appId } });
