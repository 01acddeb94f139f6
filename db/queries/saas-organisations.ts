import { and, asc, eq, isNull, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { saasOrganisations } from "#db/schema/saas-management";
import type { Failure } from "#lib/domain/failure";
import type { ListedApplication, SaasRegion } from "#lib/domain/saas-organisation";

/** Names one SaaS Management organisation of one workspace. */
export interface OrganisationKey {
  readonly workspaceId: string;
  readonly organisationId: string;
}

/** An organisation that was not removed. */
export interface OrganisationRow {
  readonly id: string;
  readonly region: SaasRegion;
  /** Its number at SaaS Management. */
  readonly orgId: string;
  readonly name: string;
  /** Why its credential does not work; null = it does, or has yet to be verified. */
  readonly problem: Failure | null;
  /** When its credential last worked; null = never. */
  readonly verifiedAt: Date | null;
  /** The Microsoft applications it listed then. */
  readonly applications: readonly ListedApplication[];
  readonly createdBy: string;
  readonly createdAt: Date;
}

const columns = {
  id: saasOrganisations.id,
  region: saasOrganisations.region,
  orgId: saasOrganisations.orgId,
  name: saasOrganisations.name,
  problem: saasOrganisations.problem,
  verifiedAt: saasOrganisations.verifiedAt,
  applications: saasOrganisations.applications,
  createdBy: saasOrganisations.createdBy,
  createdAt: saasOrganisations.createdAt,
};

const ofKey = (key: OrganisationKey) =>
  and(
    eq(saasOrganisations.workspaceId, key.workspaceId),
    eq(saasOrganisations.id, key.organisationId),
    isNull(saasOrganisations.removedAt),
  );

export interface NewOrganisation extends OrganisationKey {
  readonly region: SaasRegion;
  readonly orgId: string;
  readonly name: string;
  readonly createdBy: string;
}

/** False when the workspace already has this organisation: the unique index decides. */
export async function insertOrganisation(
  tx: Tx,
  { organisationId, ...organisation }: NewOrganisation,
): Promise<boolean> {
  const rows = await tx
    .insert(saasOrganisations)
    .values({ ...organisation, id: organisationId })
    .onConflictDoNothing()
    .returning({ id: saasOrganisations.id });
  return rows.length === 1;
}

/** Undefined for an unknown id, another workspace's, and one that was removed. */
export async function findOrganisation(
  tx: Tx,
  key: OrganisationKey,
): Promise<OrganisationRow | undefined> {
  const [row] = await tx.select(columns).from(saasOrganisations).where(ofKey(key));
  return row;
}

/** As `findOrganisation`, locked until the transaction ends: credentials, checks and connections take turns. */
export async function lockOrganisation(
  tx: Tx,
  key: OrganisationKey,
): Promise<OrganisationRow | undefined> {
  const [row] = await tx.select(columns).from(saasOrganisations).where(ofKey(key)).for("update");
  return row;
}

/** The organisation of that number, as the workspace has it. */
export async function findOrganisationByNumber(
  tx: Tx,
  asked: {
    readonly workspaceId: string;
    readonly region: SaasRegion;
    readonly orgId: string;
  },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: saasOrganisations.id })
    .from(saasOrganisations)
    .where(
      and(
        eq(saasOrganisations.workspaceId, asked.workspaceId),
        eq(saasOrganisations.region, asked.region),
        eq(saasOrganisations.orgId, asked.orgId),
        isNull(saasOrganisations.removedAt),
      ),
    );
  return row?.id;
}

/** Every organisation of the workspace by name. */
export async function listOrganisationRows(
  tx: Tx,
  workspaceId: string,
): Promise<readonly OrganisationRow[]> {
  return tx
    .select(columns)
    .from(saasOrganisations)
    .where(and(eq(saasOrganisations.workspaceId, workspaceId), isNull(saasOrganisations.removedAt)))
    .orderBy(asc(saasOrganisations.name), asc(saasOrganisations.id));
}

/** What a check established. */
export type OrganisationFinding =
  | { readonly kind: "works"; readonly applications: readonly ListedApplication[] }
  | { readonly kind: "problem"; readonly problem: Failure };

/** Writes what a check found of the credential in use. */
export async function recordOrganisationFinding(
  tx: Tx,
  key: OrganisationKey,
  finding: OrganisationFinding,
): Promise<void> {
  const set =
    finding.kind === "works"
      ? { problem: null, verifiedAt: sql`now()`, applications: finding.applications }
      : { problem: finding.problem };
  await tx
    .update(saasOrganisations)
    .set({ ...set, updatedAt: sql`now()` })
    .where(ofKey(key));
}

/** Writes what people call the organisation. */
export async function recordOrganisationName(
  tx: Tx,
  key: OrganisationKey,
  name: string,
): Promise<void> {
  await tx.update(saasOrganisations).set({ name, updatedAt: sql`now()` }).where(ofKey(key));
}

/** Takes the organisation out; its row stays for its connections' history. */
export async function recordOrganisationRemoved(tx: Tx, key: OrganisationKey): Promise<void> {
  await tx
    .update(saasOrganisations)
    .set({ removedAt: sql`now()`, updatedAt: sql`now()`, applications: [], problem: null })
    .where(ofKey(key));
}

/** Corrects an organisation that was never verified. False when the workspace has that organisation already. */
export async function correctOrganisation(
  tx: Tx,
  { workspaceId, organisationId, ...change }: Omit<NewOrganisation, "createdBy">,
): Promise<boolean> {
  const other = await findOrganisationByNumber(tx, { workspaceId, ...change });
  if (other !== undefined && other !== organisationId) return false;
  await tx
    .update(saasOrganisations)
    .set({ ...change, problem: null, updatedAt: sql`now()` })
    .where(ofKey({ workspaceId, organisationId }));
  return true;
}
