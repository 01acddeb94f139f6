import { randomUUID } from "node:crypto";
import type { Tx } from "#db/client";
import { recordAudit, systemAuditActor } from "#db/queries/audit";
import {
  endCheck,
  type OrganisationCheckJob,
  releaseCheck,
  takeCheck,
} from "#db/queries/saas-checks";
import {
  healOrganisationConnections,
  stopOrganisationConnections,
} from "#db/queries/saas-connections";
import { activateSaasCredential } from "#db/queries/saas-credentials";
import {
  lockOrganisation,
  type OrganisationRow,
  recordOrganisationFinding,
} from "#db/queries/saas-organisations";
import { type Failure, type FailureClass, FailureError } from "#lib/domain/failure";
import type { ListedApplication, SaasRegion } from "#lib/domain/saas-organisation";
import type { SaasCredential } from "#lib/saas-management/token";
import type { WorkerPlatform } from "./context.ts";
import { isDatabaseFault } from "./database-fault.ts";
import { findApplications } from "./find-applications.ts";
import { openSaasCredential } from "./open-saas-client.ts";
import { settleAccess } from "./settle-access.ts";
import { settleOrganisationExpiry } from "./settle-organisation.ts";

type Part = Pick<WorkerPlatform, "db" | "opener" | "saasManagement" | "log">;

/** How working on a check ended. `released`: the worker stops or the database failed it, it is tried again. */
export type OrganisationCheckEnd = "succeeded" | "failed" | "released" | "not-taken";

type Finding =
  | { readonly kind: "works"; readonly applications: readonly ListedApplication[] }
  | { readonly kind: "failed"; readonly failure: Failure };

/** A person waits for a check: no request of it takes longer with all its waits, ms. */
const deadlineMs = 60_000;
/** Another region is only asked whether it knows the organisation, ms. */
const elsewhereMs = 10_000;

/**
 * Works on a check of an organisation: a token, then its Microsoft applications. A candidate that works becomes the
 * credential in use, and connections that a lost one had stopped go on; a credential in use that is refused stops them.
 * Never throws for what SaaS Management said; throws while the database is away. Worker only. Source: DESIGN §7 step 4.
 */
export async function runOrganisationCheck(
  platform: Part,
  scope: { readonly workspaceId: string; readonly checkId: string },
  signal: AbortSignal,
): Promise<OrganisationCheckEnd> {
  const { workspaceId } = scope;
  const job = await platform.db.inWorkspace(workspaceId, (tx) => takeCheck(tx, scope));
  if (job === null) return "not-taken";
  try {
    const finding = await findOut(platform, job, signal);
    return await platform.db.inWorkspace(workspaceId, (tx) => writeDown(tx, job, finding));
  } catch (error) {
    if (signal.aborted || isDatabaseFault(error)) {
      await platform.db.inWorkspace(workspaceId, (tx) => releaseCheck(tx, job));
      return "released";
    }
    const correlationId = randomUUID();
    platform.log.error("saas-check-broke", { checkId: job.checkId, correlationId }, error);
    const failure: Failure = { class: "system", code: "unexpected", correlationId };
    return platform.db.inWorkspace(workspaceId, (tx) =>
      writeDown(tx, job, { kind: "failed", failure }),
    );
  }
}

/** Asks SaaS Management. Only bugs and aborts are thrown. */
async function findOut(
  platform: Part,
  job: OrganisationCheckJob,
  signal: AbortSignal,
): Promise<Finding> {
  const { organisationId, region, orgId } = job;
  try {
    if (job.credential === undefined) throw missing();
    const credential = await openSaasCredential(platform, organisationId, job.credential);
    try {
      const access = { region, orgId, credential, deadlineMs };
      const client = platform.saasManagement.client(access);
      return { kind: "works", applications: await findApplications(client, signal) };
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FailureError) || !mayBeElsewhere(error.failure)) throw error;
      const known = await regionThatKnows(platform, { ...job, credential }, signal);
      if (known === null) throw error;
      throw new FailureError(wrongRegion(known), { cause: error });
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof FailureError)) throw error;
    return { kind: "failed", failure: error.failure };
  }
}

const missing = () => new FailureError({ class: "credential", code: "saas-credential-missing" });

const wrongRegion = (region: SaasRegion): Failure => ({
  class: "credential",
  code: "saas-wrong-region",
  facts: { region },
});

/** Another region's credential is refused, its organisation is not known. */
const mayBeElsewhere = ({ code }: Failure): boolean =>
  ["saas-credential-refused", "saas-token-refused", "saas-not-found"].includes(code);

/** The region in which the credential lists the organisation's applications; null when none does. */
async function regionThatKnows(
  { saasManagement }: Part,
  asked: {
    readonly region: SaasRegion;
    readonly orgId: string;
    readonly credential: SaasCredential;
  },
  signal: AbortSignal,
): Promise<SaasRegion | null> {
  const { orgId, credential } = asked;
  for (const region of saasManagement.elsewhere(asked.region)) {
    const client = saasManagement.client({ region, orgId, credential, deadlineMs: elsewhereMs });
    try {
      await client.managedApps("extended", { signal }).next();
      return region;
    } catch (error) {
      signal.throwIfAborted();
      if (!(error instanceof FailureError)) throw error;
    }
  }
  return null;
}

/** Writes the finding with its consequences and the audit record; false holders change nothing. */
async function writeDown(
  tx: Tx,
  job: OrganisationCheckJob,
  finding: Finding,
): Promise<OrganisationCheckEnd> {
  const organisation = await lockOrganisation(tx, job);
  if (finding.kind === "works" && organisation !== undefined) return complete(tx, job, finding);
  const failure = finding.kind === "failed" ? finding.failure : missing().failure;
  if (!(await endCheck(tx, job, failure))) return "not-taken";
  if (organisation !== undefined) await settleFailure(tx, job, organisation, failure);
  const { class: failureClass, code } = failure;
  await audit(tx, job, "organisation.verification-failed", { class: failureClass, code });
  return "failed";
}

async function complete(
  tx: Tx,
  job: OrganisationCheckJob,
  finding: Extract<Finding, { kind: "works" }>,
): Promise<OrganisationCheckEnd> {
  if (!(await endCheck(tx, job, null))) return "not-taken";
  if (job.tries === "candidate" && job.credential !== undefined) {
    await activateSaasCredential(tx, job, job.credential);
  }
  await recordOrganisationFinding(tx, job, finding);
  const listed = finding.applications.map(({ id }) => id);
  await settleConnections(tx, job, await healOrganisationConnections(tx, job, listed));
  await settleOrganisationExpiry(tx, job);
  const details = { applications: finding.applications.length };
  await audit(tx, job, "organisation.verified", details);
  return "succeeded";
}

const somebodyHasToAct: ReadonlySet<FailureClass> = new Set(["credential", "permission", "tenant"]);

/** A candidate that fails disturbs nothing that works; a fault of the moment is nobody's to repair. */
async function settleFailure(
  tx: Tx,
  job: OrganisationCheckJob,
  organisation: OrganisationRow,
  failure: Failure,
): Promise<void> {
  const inUse = job.tries === "active" || organisation.verifiedAt === null;
  if (!inUse || !somebodyHasToAct.has(failure.class)) return;
  await recordOrganisationFinding(tx, job, { kind: "problem", problem: failure });
  await settleConnections(tx, job, await stopOrganisationConnections(tx, job, failure));
}

async function settleConnections(
  tx: Tx,
  { workspaceId }: OrganisationCheckJob,
  connectionIds: readonly string[],
): Promise<void> {
  for (const connectionId of connectionIds) await settleAccess(tx, { workspaceId, connectionId });
}

const audit = (
  tx: Tx,
  job: OrganisationCheckJob,
  action: string,
  details: Readonly<Record<string, string | number>>,
): Promise<void> =>
  recordAudit(tx, {
    workspaceId: job.workspaceId,
    actor: systemAuditActor,
    action,
    target: { kind: "organisation", id: job.organisationId },
    details: { ...details, checkId: job.checkId, requestedBy: job.requestedBy },
  });
