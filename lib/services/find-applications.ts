import { FailureError } from "#lib/domain/failure";
import type { ApplicationListing, ListedApplication } from "#lib/domain/saas-organisation";
import type { SaasManagementClient } from "#lib/saas-management/client";
import { type ManagedApp, saysTheSame } from "#lib/saas-management/map";

/** More applications of one vendor than an organisation manages. */
const maxApplications = 500;
/** Applications below one another are asked for one by one: so many in all. */
const maxChildren = 200;

type Children = NonNullable<ListedApplication["children"]>;

/**
 * The organisation's Microsoft applications, by name, each with those below it. One that is listed twice is marked, and
 * where the listings differ they are not merged. @throws UpstreamError when the list cannot be read to its end, or the signal's reason.
 */
export async function findApplications(
  client: SaasManagementClient,
  signal: AbortSignal,
): Promise<readonly ListedApplication[]> {
  const listed = new Map<string, ManagedApp>();
  const twice = new Set<string>();
  const contradictory = new Set<string>();
  for await (const page of client.managedApps("extended", { signal })) {
    for (const id of page.repeated) twice.add(id);
    for (const id of page.contradictory) contradictory.add(id);
    for (const app of page.rows) {
      const before = listed.get(app.id);
      if (before !== undefined) twice.add(app.id);
      if (before !== undefined && !saysTheSame(before, app)) contradictory.add(app.id);
      listed.set(app.id, before !== undefined && isMicrosofts(before) ? before : app);
    }
  }
  const listingOf = (id: string): ApplicationListing => {
    if (contradictory.has(id)) return "contradictory";
    return twice.has(id) ? "twice" : "once";
  };
  const applications: ListedApplication[] = [];
  let asked = 0;
  for (const app of [...listed.values()].filter(isMicrosofts).slice(0, maxApplications)) {
    asked += app.childHrefs.length;
    const { id, name, appName, active } = app;
    const children = asked > maxChildren ? null : await childrenOf(client, app, signal);
    applications.push({ id, name, appName, active, children, listed: listingOf(id) });
  }
  return applications.toSorted((one, other) => (one.name ?? "").localeCompare(other.name ?? ""));
}

/** Who sells it decides, not what it is called; a vendor that is not told rules nothing out. */
const isMicrosofts = ({ vendorName }: ManagedApp): boolean =>
  vendorName === null || /^microsoft\b/i.test(vendorName);

/** Null when they may not be read: what the application itself tells is not lost with them. */
async function childrenOf(
  client: SaasManagementClient,
  app: ManagedApp,
  signal: AbortSignal,
): Promise<Children | null> {
  try {
    const children: { readonly id: string; readonly name: string | null }[] = [];
    for await (const { rows } of client.childApps(app, "extended", { signal })) {
      children.push(...rows.map(({ id, name }) => ({ id, name })));
    }
    return children;
  } catch (error) {
    if (error instanceof FailureError && !signal.aborted) return null;
    throw error;
  }
}
