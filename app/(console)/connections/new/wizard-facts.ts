import type { ConnectProgress } from "#lib/domain/hand-off";
import type { ImportItem } from "#lib/domain/import-item";
import type { VerificationItem } from "#lib/domain/verification-item";
import { loadOne } from "#lib/server/load";
import type { Ctx } from "#lib/services/context";
import { getConnectProgress } from "#lib/services/get-connect-progress";
import { type ConnectionDetail, getConnection } from "#lib/services/get-connection";
import { getImport } from "#lib/services/get-import";
import { listImports } from "#lib/services/list-imports";
import { listVerifications } from "#lib/services/list-verifications";

/** Everything stored about a connection that is being made; all null before there is a draft. */
export interface WizardFacts {
  readonly connection: ConnectionDetail | null;
  /** The latest one, whatever its kind. */
  readonly verification: VerificationItem | null;
  readonly lastImport: ImportItem | null;
  /** What a page that waits for consent watches; null for other methods. */
  readonly progress: ConnectProgress | null;
}

const nothing: WizardFacts = {
  connection: null,
  verification: null,
  lastImport: null,
  progress: null,
};

/** Reads the facts the wizard's step is derived from; an unknown id ends on the not-found page. */
export async function loadWizardFacts(ctx: Ctx, connectionId: string | null): Promise<WizardFacts> {
  if (connectionId === null) return nothing;
  const progress = await loadOne(getConnectProgress(ctx, { connectionId }));
  // What runs before the connection: what ended meanwhile is then seen as running, and watched until it is seen as ended.
  const { items } = await loadOne(listVerifications(ctx, { connectionId, limit: 1 }));
  const [latest] = (await loadOne(listImports(ctx, { connectionId, limit: 1 }))).items;
  const lastImport = latest === undefined ? null : await getImport(ctx, { importId: latest.id });
  const connection = await loadOne(getConnection(ctx, { connectionId }));
  return {
    connection,
    verification: items[0] ?? null,
    lastImport,
    progress: connection.method === "multi-tenant-app" ? progress : null,
  };
}
