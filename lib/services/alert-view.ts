import type { AlertRow } from "#db/queries/alerts";
import { type AlertFacts, type AlertKind, alertKinds } from "#lib/domain/alert";
import type { AlertItem } from "#lib/domain/alert-item";
import { alertText } from "#lib/domain/alert-text";
import { hasRight } from "#lib/domain/role";
import type { Ctx } from "./context.ts";
import { iso } from "./told.ts";

/** The installation's own credential is for those who can do something about it. */
export const visibleAlertKinds = ({ actor }: Pick<Ctx, "actor">): readonly AlertKind[] =>
  hasRight(actor.role, "manage-connections")
    ? alertKinds
    : alertKinds.filter((kind) => kind !== "app-credential-expiry");

/** An alert as people read it. */
export const toAlertItem = (row: AlertRow, now: Date): AlertItem => {
  const { connection } = row;
  const context = {
    method: connection?.method ?? null,
    tenant: connection?.tenantName ?? connection?.name ?? null,
  };
  return {
    id: row.id,
    kind: row.facts.kind,
    severity: row.severity,
    connectionId: connection?.id ?? null,
    tenantId: connection?.tenantId ?? null,
    tenantName: connection?.tenantName ?? connection?.name ?? null,
    ...alertText(row.facts, context, now),
    href: placeOf(row.facts),
    openedAt: row.openedAt.toISOString(),
    lastSeenAt: row.lastSeenAt.toISOString(),
    resolvedAt: iso(row.resolvedAt),
    acknowledgedAt: iso(row.acknowledgedAt),
    acknowledgedBy: row.acknowledgedBy,
  };
};

/** The page on which something can be done about it. */
const placeOf = (facts: AlertFacts): string => {
  switch (facts.kind) {
    case "credential-expiry":
      return `/connections/${facts.connectionId}#credential`;
    case "app-credential-expiry":
      return "/connections/credentials";
    case "upload-failed":
    case "packages-overdue":
      return `/connections/${facts.connectionId}#packages`;
    case "upload-token-expiry":
      return `/connections/${facts.connectionId}#collector`;
    case "organisation-credential-expiry":
      return `/settings/integrations#${facts.organisationId}`;
    case "access-lost":
    case "permission-lost":
    case "sign-ins-lost":
    case "claim-moved":
      return `/connections/${facts.connectionId}`;
    default:
      return facts satisfies never;
  }
};
