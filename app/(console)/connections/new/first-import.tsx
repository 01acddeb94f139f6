import type { StartFirstImport } from "#components/wizard/first-import-start";
import { FirstImportStep } from "#components/wizard/first-import-step";
import type { ImportItem } from "#lib/domain/import-item";
import { hasRight } from "#lib/domain/role";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { seatProof } from "../../imports/[id]/seat-proof.ts";
import {
  cancelImportAction,
  discardImportAction,
  publishImportAction,
} from "../../imports/actions.ts";

/** The last step of every wizard: the first import as it runs, with what its reader may do about it. */
export async function FirstImport(props: {
  readonly ctx: Ctx;
  readonly connection: ConnectionDetail;
  readonly lastImport: ImportItem | null;
  /** Null where an upload starts it. */
  readonly startImport: StartFirstImport | null;
}) {
  const { ctx, connection, lastImport } = props;
  const { role } = ctx.actor;
  return (
    <FirstImportStep
      connectionId={connection.id}
      item={lastImport}
      startImport={props.startImport}
      tenantName={connection.tenantName ?? connection.name}
      tenantId={connection.tenantId}
      source={connection.source}
      seats={lastImport === null ? null : await seatProof(ctx, lastImport, connection)}
      cancel={hasRight(role, "cancel-import") ? cancelImportAction : null}
      decide={
        hasRight(role, "decide-held-import")
          ? { publish: publishImportAction, discard: discardImportAction }
          : null
      }
    />
  );
}
