import { and, asc, desc, eq, isNotNull, sql } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Tx } from "#db/client";
import { connections } from "#db/schema/connections";
import { saasOrganisations } from "#db/schema/saas-management";
import { skuMappings } from "#db/schema/sku-mappings";
import type { MappedKind } from "#lib/domain/app-license";
import type { TakenOverMappings } from "#lib/domain/sku-mapping";
import type { ConnectionKey } from "./connections.ts";

/** A name of a managed application and what a person said it stands for. */
export interface SkuMappingRow {
  readonly kind: MappedKind;
  readonly externalId: string;
  readonly skuId: string;
  readonly mappedBy: string;
  readonly mappedAt: Date;
  /** The former connection it was taken over from; null = it was decided here. */
  readonly takenFrom: string | null;
}

const ofConnection = (key: ConnectionKey) =>
  and(eq(skuMappings.workspaceId, key.workspaceId), eq(skuMappings.connectionId, key.connectionId));

/** What was mapped for a connection, by kind and name. */
export const listSkuMappings = (tx: Tx, key: ConnectionKey): Promise<readonly SkuMappingRow[]> =>
  tx
    .select({
      kind: skuMappings.kind,
      externalId: skuMappings.externalId,
      skuId: skuMappings.skuId,
      mappedBy: skuMappings.mappedBy,
      mappedAt: skuMappings.mappedAt,
      takenFrom: skuMappings.takenFrom,
    })
    .from(skuMappings)
    .where(ofConnection(key))
    .orderBy(skuMappings.kind, skuMappings.externalId);

/** What is mapped, and by whom. */
export interface NewSkuMapping extends ConnectionKey {
  readonly kind: MappedKind;
  readonly externalId: string;
  readonly skuId: string;
  readonly mappedBy: string;
}

/** Maps a name, in place of what it was mapped to. Returns the skuId it had before; null = none. */
export async function saveSkuMapping(tx: Tx, mapping: NewSkuMapping): Promise<string | null> {
  const before = await findMapped(tx, mapping);
  await tx
    .insert(skuMappings)
    .values(mapping)
    .onConflictDoUpdate({
      target: [
        skuMappings.workspaceId,
        skuMappings.connectionId,
        skuMappings.kind,
        skuMappings.externalId,
      ],
      set: {
        skuId: mapping.skuId,
        mappedBy: mapping.mappedBy,
        mappedAt: sql`now()`,
        takenFrom: null,
      },
    });
  return before;
}

/** What a person said a license stands for; undefined = nobody did. */
export async function findLicenseMapping(
  tx: Tx,
  key: ConnectionKey & Pick<SkuMappingRow, "externalId">,
): Promise<Pick<SkuMappingRow, "skuId" | "mappedBy" | "mappedAt"> | undefined> {
  const [row] = await tx
    .select({
      skuId: skuMappings.skuId,
      mappedBy: skuMappings.mappedBy,
      mappedAt: skuMappings.mappedAt,
    })
    .from(skuMappings)
    .where(ofKey({ ...key, kind: "license" }));
  return row;
}

type MappingKey = ConnectionKey & Pick<SkuMappingRow, "kind" | "externalId">;

const ofKey = (key: MappingKey) =>
  and(
    ofConnection(key),
    eq(skuMappings.kind, key.kind),
    eq(skuMappings.externalId, key.externalId),
  );

async function findMapped(tx: Tx, key: MappingKey): Promise<string | null> {
  const [row] = await tx.select({ skuId: skuMappings.skuId }).from(skuMappings).where(ofKey(key));
  return row?.skuId ?? null;
}

/** The license that a person mapped to a SKU of the connection; undefined = none. */
export async function findMappedLicense(
  tx: Tx,
  key: ConnectionKey & { readonly skuId: string },
): Promise<string | undefined> {
  const [row] = await tx
    .select({ externalId: skuMappings.externalId })
    .from(skuMappings)
    .where(
      and(ofConnection(key), eq(skuMappings.kind, "license"), eq(skuMappings.skuId, key.skuId)),
    );
  return row?.externalId;
}

/** Forgets what a name was mapped to. Returns the skuId; null when it was not mapped. */
export async function deleteSkuMapping(tx: Tx, key: MappingKey): Promise<string | null> {
  const [gone] = await tx
    .delete(skuMappings)
    .where(ofKey(key))
    .returning({ skuId: skuMappings.skuId });
  return gone?.skuId ?? null;
}

const formerOrganisation = alias(saasOrganisations, "former_organisation");

/**
 * Gives a new connection what people mapped for the last one of the same application that was disconnected, also under an
 * organisation that was removed and connected again. Each takes over from the one before it, so that the last one's word
 * is the latest, also where it was to forget. Who mapped it and when stays. Returns how many there are, and of which.
 */
export async function takeOverSkuMappings(
  tx: Tx,
  application: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly organisationId: string;
    readonly managedAppId: string;
  },
): Promise<{ readonly count: number; readonly from: string | null }> {
  const { workspaceId, connectionId, organisationId, managedAppId } = application;
  const [former] = await tx
    .select({ connectionId: connections.id })
    .from(connections)
    .innerJoin(
      formerOrganisation,
      and(
        eq(formerOrganisation.workspaceId, connections.workspaceId),
        eq(formerOrganisation.id, connections.organisationId),
      ),
    )
    .innerJoin(
      saasOrganisations,
      and(
        eq(saasOrganisations.workspaceId, connections.workspaceId),
        eq(saasOrganisations.region, formerOrganisation.region),
        eq(saasOrganisations.orgId, formerOrganisation.orgId),
      ),
    )
    .where(
      and(
        eq(connections.workspaceId, workspaceId),
        eq(connections.managedAppId, managedAppId),
        eq(saasOrganisations.id, organisationId),
        isNotNull(connections.disconnectedAt),
      ),
    )
    .orderBy(desc(connections.disconnectedAt))
    .limit(1);
  if (former === undefined) return { count: 0, from: null };
  const takenFrom = former.connectionId;
  const rows = await listSkuMappings(tx, { workspaceId, connectionId: takenFrom });
  if (rows.length > 0) {
    await tx
      .insert(skuMappings)
      .values(rows.map((row) => ({ ...row, workspaceId, connectionId, takenFrom })));
  }
  return { count: rows.length, from: takenFrom };
}

/** What a connection took over that nobody has decided anew since, as a whole; null = nothing. */
export async function findTakenOverMappings(
  tx: Tx,
  key: ConnectionKey,
): Promise<TakenOverMappings | null> {
  const rows = await tx
    .select({
      connectionId: connections.id,
      name: connections.name,
      disconnectedAt: connections.disconnectedAt,
      by: skuMappings.mappedBy,
      mappedAt: skuMappings.mappedAt,
    })
    .from(skuMappings)
    .innerJoin(
      connections,
      and(
        eq(connections.workspaceId, skuMappings.workspaceId),
        eq(connections.id, skuMappings.takenFrom),
      ),
    )
    .where(ofConnection(key))
    .orderBy(asc(skuMappings.mappedAt));
  const [first] = rows;
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return null;
  return {
    count: rows.length,
    from: {
      connectionId: first.connectionId,
      name: first.name,
      disconnectedAt: first.disconnectedAt?.toISOString() ?? null,
    },
    by: [...new Set(rows.map(({ by }) => by))],
    firstAt: first.mappedAt.toISOString(),
    lastAt: last.mappedAt.toISOString(),
  };
}
