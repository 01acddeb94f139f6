import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { saasChecks, saasOrganisations } from "#db/schema/saas-management";
import type { Failure } from "#lib/domain/failure";
import type { OrganisationCheckState, SaasRegion } from "#lib/domain/saas-organisation";
import { findSealedSaasCredential, type SealedSaasCredential } from "./saas-credentials.ts";
import type { OrganisationKey } from "./saas-organisations.ts";

const isOpen = inArray(saasChecks.state, ["queued", "running"]);

const ofOrganisation = (key: OrganisationKey) =>
  and(
    eq(saasChecks.workspaceId, key.workspaceId),
    eq(saasChecks.organisationId, key.organisationId),
  );

/**
 * Asks for a check of the candidate, or with null of the credential in use; undefined when the organisation has an open
 * one. The caller sends its job in the same transaction.
 */
export async function requestCheckUnlessOpen(
  tx: Tx,
  check: OrganisationKey & { readonly credentialId: string | null; readonly requestedBy: string },
): Promise<string | undefined> {
  const [row] = await tx
    .insert(saasChecks)
    .values(check)
    .onConflictDoNothing()
    .returning({ id: saasChecks.id });
  return row?.id;
}

/** The one check of an organisation that is not over. */
export async function findOpenCheck(tx: Tx, key: OrganisationKey): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: saasChecks.id })
    .from(saasChecks)
    .where(and(ofOrganisation(key), isOpen));
  return row?.id;
}

/** Ends what is open: another check takes its place, or the organisation goes. */
export async function endOpenChecks(tx: Tx, key: OrganisationKey, failure: Failure): Promise<void> {
  await tx
    .update(saasChecks)
    .set({ state: "failed", failure, finishedAt: sql`now()` })
    .where(and(ofOrganisation(key), isOpen));
}

/** A check as people follow it. */
export interface OrganisationCheckRow {
  readonly id: string;
  readonly organisationId: string;
  readonly state: OrganisationCheckState;
  readonly failure: Failure | null;
  readonly createdAt: Date;
  readonly finishedAt: Date | null;
}

/** The newest check of each organisation of the workspace, by the organisation's id. */
export async function listLastChecks(
  tx: Tx,
  workspaceId: string,
): Promise<ReadonlyMap<string, OrganisationCheckRow>> {
  const rows = await tx
    .selectDistinctOn([saasChecks.organisationId], {
      id: saasChecks.id,
      organisationId: saasChecks.organisationId,
      state: saasChecks.state,
      failure: saasChecks.failure,
      createdAt: saasChecks.createdAt,
      finishedAt: saasChecks.finishedAt,
    })
    .from(saasChecks)
    .where(eq(saasChecks.workspaceId, workspaceId))
    .orderBy(saasChecks.organisationId, desc(saasChecks.createdAt), desc(saasChecks.id));
  return new Map(rows.map((row) => [row.organisationId, row]));
}

/** A check as the worker holds it. Every later write carries `attempt`: an older holder changes nothing. */
export interface OrganisationCheckJob extends OrganisationKey {
  readonly checkId: string;
  readonly attempt: number;
  readonly requestedBy: string;
  readonly region: SaasRegion;
  /** The organisation's number. */
  readonly orgId: string;
  /** Whether it tries a candidate, or the credential in use once more. */
  readonly tries: "candidate" | "active";
  /** Undefined when the credential is gone. */
  readonly credential: SealedSaasCredential | undefined;
}

interface CheckScope {
  readonly workspaceId: string;
  readonly checkId: string;
}

/** Takes a check that is queued, or running because its worker died. Null when it is over. */
export async function takeCheck(tx: Tx, scope: CheckScope): Promise<OrganisationCheckJob | null> {
  const [row] = await tx
    .update(saasChecks)
    .set({ state: "running", attempts: sql`${saasChecks.attempts} + 1`, startedAt: sql`now()` })
    .where(
      and(eq(saasChecks.workspaceId, scope.workspaceId), eq(saasChecks.id, scope.checkId), isOpen),
    )
    .returning({
      organisationId: saasChecks.organisationId,
      credentialId: saasChecks.credentialId,
      attempt: saasChecks.attempts,
      requestedBy: saasChecks.requestedBy,
    });
  if (row === undefined) return null;
  const { credentialId, ...taken } = row;
  const { workspaceId } = scope;
  const { organisationId } = row;
  const [organisation] = await tx
    .select({ region: saasOrganisations.region, orgId: saasOrganisations.orgId })
    .from(saasOrganisations)
    .where(
      and(eq(saasOrganisations.workspaceId, workspaceId), eq(saasOrganisations.id, organisationId)),
    );
  if (organisation === undefined) return null;
  return {
    ...scope,
    ...taken,
    ...organisation,
    tries: credentialId === null ? "active" : "candidate",
    credential: await findSealedSaasCredential(tx, { workspaceId, organisationId }, credentialId),
  };
}

const held = (job: OrganisationCheckJob) =>
  and(
    eq(saasChecks.workspaceId, job.workspaceId),
    eq(saasChecks.id, job.checkId),
    eq(saasChecks.state, "running"),
    eq(saasChecks.attempts, job.attempt),
  );

/** Hands a check back untried, for another worker. */
export async function releaseCheck(tx: Tx, job: OrganisationCheckJob): Promise<void> {
  await tx.update(saasChecks).set({ state: "queued" }).where(held(job));
}

/** Ends the check; null = it succeeded. False when another holder has it. */
export async function endCheck(
  tx: Tx,
  job: OrganisationCheckJob,
  failure: Failure | null,
): Promise<boolean> {
  const state = failure === null ? "succeeded" : "failed";
  const rows = await tx
    .update(saasChecks)
    .set({ state, failure, finishedAt: sql`now()` })
    .where(held(job))
    .returning({ id: saasChecks.id });
  return rows.length === 1;
}

/** Checks are kept so long; the newest of an organisation for ever. */
const keptFor = "90 days";

/** Removes the organisation's old checks. */
export async function removeOldChecks(tx: Tx, key: OrganisationKey): Promise<void> {
  await tx.execute(sql`
    delete from saas_checks c
    where c.workspace_id = ${key.workspaceId} and c.organisation_id = ${key.organisationId}
      and c.finished_at < now() - ${keptFor}::interval
      and exists (
        select from saas_checks later
        where later.workspace_id = c.workspace_id and later.organisation_id = c.organisation_id
          and later.created_at > c.created_at)`);
}

/** Checks somebody should look at, across workspaces. Ids only. */
export async function listDueSaasChecks(tx: Tx): Promise<readonly CheckScope[]> {
  const rows = await tx.execute<{ workspace_id: string; check_id: string }>(
    sql`select workspace_id, check_id from app.saas_checks_due()`,
  );
  return rows.map((row) => ({ workspaceId: row.workspace_id, checkId: row.check_id }));
}

/** Organisations whose nightly check is due, across workspaces. Ids only. */
export async function listDueOrganisations(tx: Tx): Promise<readonly OrganisationKey[]> {
  const rows = await tx.execute<{ workspace_id: string; organisation_id: string }>(
    sql`select workspace_id, organisation_id from app.saas_organisations_due()`,
  );
  return rows.map((row) => ({
    workspaceId: row.workspace_id,
    organisationId: row.organisation_id,
  }));
}
