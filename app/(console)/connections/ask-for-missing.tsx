import { AskAgain } from "#components/connections/ask-again";
import { portalLinks } from "#lib/domain/portal-links";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { startConsentAction } from "./new/actions.ts";

/** The one step that brings permissions a connection lacks; nothing before its tenant is known. */
export function AskForMissing(props: {
  readonly ctx: Ctx;
  readonly connection: ConnectionDetail;
  /** Where a link for somebody else's consent is made. */
  readonly handOffHref: string;
}) {
  const { connection } = props;
  const { tenantId, clientId, cloud } = connection;
  if (tenantId === null) return null;
  const { portal: portalOrigin } = props.ctx.platform.config.originsOf(cloud);
  return (
    <AskAgain
      connection={connection}
      portalHref={portalLinks({ portalOrigin, tenantId, clientId }).permissions}
      handOffHref={props.handOffHref}
      startConsent={startConsentAction}
    />
  );
}
