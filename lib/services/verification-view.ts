import type { ConnectionRow } from "#db/queries/connections";
import type { CredentialFacts } from "#db/queries/credentials";
import type { VerificationRow } from "#db/queries/verification-reads";
import { permissions } from "#lib/domain/connection";
import type { FailureContext } from "#lib/domain/failure-context";
import type { PermissionItem, VerificationItem } from "#lib/domain/verification-item";
import { contextOf } from "./connection-view.ts";
import { iso, tell } from "./told.ts";

/**
 * What is known around a check's failures. `facts` are of the credential in use, else of the one on its way; what a check
 * of a replacement says is not of the one in use.
 */
export const contextOfVerification = (
  { kind }: Pick<VerificationRow, "kind">,
  connection: ConnectionRow,
  facts: CredentialFacts | null,
): FailureContext =>
  contextOf(connection, kind === "credential" && facts?.state === "active" ? null : facts);

/** A verification as people follow it, permission by permission and endpoint by endpoint. */
export const toVerificationItem = (
  row: VerificationRow,
  context: FailureContext,
  workerSeenSecondsAgo: number | null,
): VerificationItem => ({
  id: row.id,
  connectionId: row.connectionId,
  kind: row.kind,
  state: row.state,
  attempts: row.attempts,
  nextAttemptAt: iso(row.nextAttemptAt),
  createdAt: row.createdAt.toISOString(),
  finishedAt: iso(row.finishedAt),
  tenantName: row.result?.tenantName ?? null,
  tenantDomain: row.result?.tenantDomain ?? null,
  permissions: (row.result?.permissions ?? []).map(toPermission),
  endpoints: (row.result?.endpoints ?? []).map(({ failure, ...endpoint }) => ({
    ...endpoint,
    error: tell(failure ?? null, context),
  })),
  error: tell(row.failure, context),
  workerSeenSecondsAgo,
});

const toPermission = (found: {
  readonly name: string;
  readonly mandatory: boolean;
  readonly granted: boolean;
}): PermissionItem => {
  const known = permissions.find(({ name }) => name === found.name);
  return { ...found, gives: known?.gives ?? "", without: known?.without ?? "" };
};
