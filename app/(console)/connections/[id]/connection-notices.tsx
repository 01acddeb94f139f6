import { ConnectionState } from "#components/connections/connection-state";
import { RepairAction } from "#components/connections/repair-action";
import { HeldDatasets } from "#components/imports/held-datasets";
import { PackagesOverdue } from "#components/packages/package-arrival";
import { StandingCallout } from "#components/switching/standing-callout";
import { hasRight } from "#lib/domain/role";
import type { Ctx } from "#lib/services/context";
import { discardImportAction, publishImportAction } from "../../imports/actions.ts";
import { startVerificationAction } from "../actions.ts";
import { startConsentAction } from "../new/actions.ts";
import { handOffHref } from "./consent-hand-off.tsx";
import type { ConnectionPageData } from "./load-connection-page.ts";

/** What a person has to know or decide before anything else: what is broken, overdue, held, or counted elsewhere. */
export function ConnectionNotices(props: {
  readonly ctx: Ctx;
  readonly data: Pick<
    ConnectionPageData,
    "connection" | "alive" | "arrival" | "standing" | "held" | "handOff"
  >;
}) {
  const { role } = props.ctx.actor;
  const { connection, alive, arrival, standing, held, handOff } = props.data;
  return (
    <>
      <ConnectionState
        connection={connection}
        repair={
          hasRight(role, "manage-connections") ? (
            <RepairAction
              connection={connection}
              startConsent={startConsentAction}
              startVerification={startVerificationAction}
              handOffHref={handOff === null ? null : handOffHref}
            />
          ) : null
        }
      />
      {arrival !== null && alive && <PackagesOverdue {...arrival} />}
      {standing !== null && (
        <StandingCallout
          standing={standing}
          source={connection.source}
          tenantName={connection.tenantName ?? connection.name}
          hrefTo={(by) => `/connections/${connection.id}/move?to=${by}`}
        />
      )}
      {held !== null && (
        <HeldDatasets
          item={held}
          decide={
            hasRight(role, "decide-held-import")
              ? { publish: publishImportAction, discard: discardImportAction }
              : null
          }
        />
      )}
    </>
  );
}
