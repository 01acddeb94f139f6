import { hasRight } from "#lib/domain/role";
import { shownVerifications } from "#lib/domain/shown-verifications";
import { load } from "#lib/server/load";
import type { Ctx } from "#lib/services/context";
import { countConnections } from "#lib/services/count-connections";
import { getConnectProgress } from "#lib/services/get-connect-progress";
import { type ConnectionDetail, getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { getPackageArrival } from "#lib/services/get-package-arrival";
import { getStanding } from "#lib/services/get-standing";
import { listImports } from "#lib/services/list-imports";
import { listVerifications } from "#lib/services/list-verifications";
import { given } from "../../search-params.ts";
import { mayNeedConsent } from "./consent-hand-off.tsx";

/** What the page of a connection shows, read for whoever looks. */
export type ConnectionPageData = Awaited<ReturnType<typeof loadConnectionPage>>;

/**
 * Reads what is watched (progress of a consent, imports, verifications) before the connection itself: the page is renewed
 * when what is watched goes on, and not for what had happened already.
 */
export async function loadConnectionPage(
  ctx: Ctx,
  { connectionId, cursor }: { readonly connectionId: string; readonly cursor: string | null },
) {
  const progress = hasRight(ctx.actor.role, "manage-connections")
    ? await getConnectProgress(ctx, { connectionId })
    : null;
  const imports = await load(listImports(ctx, { connectionId, ...given({ cursor }) }));
  const { items: checks } = await listVerifications(ctx, { connectionId, limit: 20 });
  const connection = await getConnection(ctx, { connectionId });
  const { heldImportId, source, provenAt } = connection;
  const shown = shownVerifications(checks, provenAt !== null);
  const byPackages = source === "office-365-deprecated";
  const { enterprises } = await countConnections(ctx, {});
  return {
    connection,
    started: isStarted(connection),
    alive: connection.status !== "disconnected",
    byPackages,
    imports,
    /** The newest import, where the first page of them is shown. */
    latest: imports.kind === "loaded" && cursor === null ? imports.value.items[0] : undefined,
    held: heldImportId === null ? null : await getImport(ctx, { importId: heldImportId }),
    shown,
    /** The newest check of an entered credential, also of one that was refused. */
    ofCredential: checks.find(({ kind }) => kind === "credential"),
    standing: await getStanding(ctx, { connectionId }),
    arrival: byPackages ? await getPackageArrival(ctx, { connectionId }) : null,
    /** Where an administrator is asked again with a link; null where that would bring nothing. */
    handOff: mayNeedConsent(connection, shown.looked) ? progress : null,
    enterprises: enterprises.flatMap(({ enterprise }) => enterprise ?? []),
  };
}

/** Whether the wizard has nothing left to ask. */
function isStarted({ status, method, provenAt }: ConnectionDetail): boolean {
  const beingMade = method === "registered-app" && provenAt === null;
  return status !== "draft" && status !== "awaiting-consent" && !beingMade;
}
