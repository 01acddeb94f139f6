import { and, desc, eq, inArray, sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { saasCredentials } from "#db/schema/saas-management";
import type { SaasCredentialKind } from "#lib/domain/saas-organisation";
import type { OrganisationKey } from "./saas-organisations.ts";

const ofOrganisation = (key: OrganisationKey) =>
  and(
    eq(saasCredentials.workspaceId, key.workspaceId),
    eq(saasCredentials.organisationId, key.organisationId),
  );

const erased = { state: "retired", sealed: null, retiredAt: sql`now()` } as const;

/** A credential on its way: verified before it is used. */
export interface NewSaasCredential extends OrganisationKey {
  readonly id: string;
  readonly version: number;
  readonly kind: SaasCredentialKind;
  readonly sealed: string;
  readonly kid: string;
  readonly expiresAt: Date | null;
  readonly createdBy: string;
}

/** The next version of the organisation's credentials; the caller has locked the organisation. */
export async function nextSaasCredentialVersion(tx: Tx, key: OrganisationKey): Promise<number> {
  const [row] = await tx
    .select({ version: sql<number>`coalesce(max(${saasCredentials.version}), 0) + 1` })
    .from(saasCredentials)
    .where(ofOrganisation(key));
  return row?.version ?? 1;
}

/** Stores a sealed candidate; earlier candidates are retired and erased, the active one goes on. */
export async function insertSaasCandidate(tx: Tx, credential: NewSaasCredential): Promise<void> {
  await tx
    .update(saasCredentials)
    .set(erased)
    .where(and(ofOrganisation(credential), eq(saasCredentials.state, "candidate")));
  await tx.insert(saasCredentials).values({ ...credential, state: "candidate" });
}

/** Makes a verified candidate the active credential; those before it are retired and erased. False when it is none any more. */
export async function activateSaasCredential(
  tx: Tx,
  key: OrganisationKey,
  candidate: Pick<SealedSaasCredential, "credentialId" | "version">,
): Promise<boolean> {
  await tx
    .update(saasCredentials)
    .set(erased)
    .where(
      and(
        ofOrganisation(key),
        inArray(saasCredentials.state, ["active", "candidate"]),
        sql`${saasCredentials.version} < ${candidate.version}`,
      ),
    );
  const rows = await tx
    .update(saasCredentials)
    .set({ state: "active", activatedAt: sql`now()` })
    .where(
      and(
        ofOrganisation(key),
        eq(saasCredentials.id, candidate.credentialId),
        eq(saasCredentials.state, "candidate"),
      ),
    )
    .returning({ id: saasCredentials.id });
  return rows.length === 1;
}

/** Erases every secret of the organisation and retires the rows. Returns how many were not retired before. */
export async function eraseSaasCredentials(tx: Tx, key: OrganisationKey): Promise<number> {
  const rows = await tx
    .update(saasCredentials)
    .set(erased)
    .where(and(ofOrganisation(key), inArray(saasCredentials.state, ["active", "candidate"])))
    .returning({ id: saasCredentials.id });
  return rows.length;
}

/** The newest candidate. */
export async function findSaasCandidate(tx: Tx, key: OrganisationKey): Promise<string | undefined> {
  const [row] = await tx
    .select({ id: saasCredentials.id })
    .from(saasCredentials)
    .where(and(ofOrganisation(key), eq(saasCredentials.state, "candidate")));
  return row?.id;
}

/** Enters the end of the credential in use. False without one. */
export async function recordSaasExpiry(
  tx: Tx,
  key: OrganisationKey,
  expiresAt: Date | null,
): Promise<boolean> {
  const rows = await tx
    .update(saasCredentials)
    .set({ expiresAt })
    .where(and(ofOrganisation(key), eq(saasCredentials.state, "active")))
    .returning({ id: saasCredentials.id });
  return rows.length === 1;
}

/** A credential row as the worker opens it. */
export interface SealedSaasCredential {
  readonly credentialId: string;
  readonly version: number;
  readonly kind: SaasCredentialKind;
  readonly state: "candidate" | "active" | "retired";
  /** Null once erased. */
  readonly sealed: string | null;
}

/** The credential of that id with its secret, or with null the one in use. */
export async function findSealedSaasCredential(
  tx: Tx,
  key: OrganisationKey,
  credentialId: string | null,
): Promise<SealedSaasCredential | undefined> {
  const [row] = await tx
    .select({
      credentialId: saasCredentials.id,
      version: saasCredentials.version,
      kind: saasCredentials.kind,
      state: saasCredentials.state,
      sealed: saasCredentials.sealed,
    })
    .from(saasCredentials)
    .where(
      and(
        ofOrganisation(key),
        credentialId === null
          ? eq(saasCredentials.state, "active")
          : eq(saasCredentials.id, credentialId),
      ),
    );
  return row;
}

/** The credential people are shown: the one in use, else the newest candidate. Never the sealed value. */
export interface SaasCredentialFacts {
  readonly organisationId: string;
  readonly kind: SaasCredentialKind;
  readonly state: "candidate" | "active";
  readonly version: number;
  readonly expiresAt: Date | null;
}

/** One credential per organisation that has any, by the organisation's id. */
export async function listSaasCredentialFacts(
  tx: Tx,
  workspaceId: string,
): Promise<ReadonlyMap<string, SaasCredentialFacts>> {
  const rows = await tx
    .selectDistinctOn([saasCredentials.organisationId], {
      organisationId: saasCredentials.organisationId,
      kind: saasCredentials.kind,
      state: sql<SaasCredentialFacts["state"]>`${saasCredentials.state}`,
      version: saasCredentials.version,
      expiresAt: saasCredentials.expiresAt,
    })
    .from(saasCredentials)
    .where(
      and(
        eq(saasCredentials.workspaceId, workspaceId),
        inArray(saasCredentials.state, ["active", "candidate"]),
      ),
    )
    .orderBy(saasCredentials.organisationId, saasCredentials.state, desc(saasCredentials.version));
  return new Map(rows.map((row) => [row.organisationId, row]));
}
