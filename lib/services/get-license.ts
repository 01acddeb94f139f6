import { z } from "zod";
import type { Tx } from "#db/client";
import { type AppLicenseRow, findAppLicense } from "#db/queries/app-licenses";
import type { ConnectionKey } from "#db/queries/connections";
import {
  deletedUsersShowing,
  firstReadingOf,
  importOfSnapshot,
  servicePlansOf,
  twinsOf,
} from "#db/queries/license-detail";
import { findLicense, type LicenseFacts, licenseHistorySince } from "#db/queries/licenses";
import { productsOf } from "#db/queries/products";
import { findLicenseMapping } from "#db/queries/sku-mappings";
import { carriedSeats, countUnknownUsers } from "#db/queries/unread-users";
import { annualCostOn, gapInWords, termStateOn } from "#lib/domain/app-license";
import type { LicenseApplication, LicenseDetail, LicenseItem } from "#lib/domain/license-item";
import { valueOrNull } from "#lib/domain/quantity";
import { addDays } from "#lib/domain/utc-day";
import { requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { guid, notFound, parseInput } from "./input.ts";
import { inWorkspace } from "./read-list.ts";

export const getLicenseInput = z.strictObject({ licenseId: guid });

/** Days of history a license's page shows. */
const historyDays = 400;

/**
 * One license in full, in its connection's current reconciliation. Seats; money per month. Right: read.
 * @throws UseCaseError `not-found` for unknown ids and for another workspace's.
 */
export async function getLicense(
  ctx: Ctx,
  input: z.input<typeof getLicenseInput>,
): Promise<LicenseDetail> {
  requireRight(ctx, "read");
  const { licenseId } = parseInput(getLicenseInput, input);
  const { workspaceId } = ctx;
  return inWorkspace(ctx, async (tx) => {
    const found = await findLicense(tx, { workspaceId, licenseId });
    if (found === undefined) throw notFound("license");
    const from = addDays(ctx.platform.now().toISOString().slice(0, 10), -historyDays);
    return {
      ...found.item,
      connectionName: found.connectionName,
      reconciliationId: found.reconciliationId,
      leftOut: found.leftOut,
      application: await application(tx, workspaceId, found),
      ...(await snapshotFacts(tx, ctx, found)),
      twins: await twins(tx, workspaceId, found.item),
      history: await licenseHistorySince(tx, { workspaceId, licenseId, from }),
    };
  });
}

/** By tenant and skuId: a license without a skuId has none. */
const twins = async (tx: Tx, workspaceId: string, item: LicenseItem) =>
  item.skuId === null
    ? []
    : twinsOf(tx, { workspaceId, tenantId: item.tenantId, skuId: item.skuId, source: item.source });

/** Terms as they stand on the day of the reconciliation; money of theirs is in no other sum. */
async function application(
  tx: Tx,
  workspaceId: string,
  { item, directorySnapshotId: snapshotId, skuNo }: LicenseFacts,
): Promise<LicenseDetail["application"]> {
  if (item.source !== "saas-management" || snapshotId === null || skuNo === null) return null;
  const license = await findAppLicense(tx, { workspaceId, snapshotId, skuNo });
  if (license === undefined) return null;
  const day = item.evaluatedOn;
  if (day === null) return null;
  return {
    externalId: license.externalId,
    name: license.name,
    resolution: license.resolution,
    mapped: await mappedBy(tx, { workspaceId, connectionId: item.connectionId }, license),
    candidates: await namesOf(tx, license.candidates),
    terms: license.terms.map((term, at) => ({
      no: at + 1,
      ...term,
      state: termStateOn(term, day),
    })),
    annualCost: valueOrNull(annualCostOn(license.terms, day)),
    entitledUnknown: gapInWords(license.terms, day),
  };
}

/** Whose word it is that a license has its SKU; what was decided since it was read counts later. */
async function mappedBy(
  tx: Tx,
  key: ConnectionKey,
  { externalId, resolution, skuId }: AppLicenseRow,
): Promise<LicenseApplication["mapped"]> {
  if (resolution !== "mapping") return null;
  const mapping = await findLicenseMapping(tx, { ...key, externalId });
  return mapping === undefined || mapping.skuId !== skuId
    ? null
    : { by: mapping.mappedBy, at: mapping.mappedAt.toISOString() };
}

async function namesOf(tx: Tx, skuIds: readonly string[]): Promise<readonly string[]> {
  const productOf = await productsOf(tx, skuIds);
  return skuIds.map((skuId) => productOf(skuId).name);
}

type SnapshotFacts = Pick<
  LicenseDetail,
  "importId" | "servicePlans" | "deletedUsersShowingIt" | "unread" | "firstReading"
>;

const nothingUnread: LicenseDetail["unread"] = {
  carried: 0,
  carriedAsOf: null,
  unknownAccounts: 0,
};

/** What the directory snapshot behind the position says beyond it. */
async function snapshotFacts(tx: Tx, ctx: Ctx, found: LicenseFacts): Promise<SnapshotFacts> {
  const { workspaceId } = ctx;
  const { directorySnapshotId: snapshotId, skuNo } = found;
  const { skuId } = found.item;
  const importId =
    snapshotId === null ? null : await importOfSnapshot(tx, { workspaceId, snapshotId });
  if (snapshotId === null || skuNo === null || skuId === null) {
    return {
      importId,
      servicePlans: [],
      deletedUsersShowingIt: null,
      unread: nothingUnread,
      firstReading: null,
    };
  }
  const sku = { workspaceId, snapshotId, skuNo, skuId };
  return {
    importId,
    servicePlans: await servicePlansOf(tx, sku),
    deletedUsersShowingIt: await deletedUsersShowing(tx, sku),
    unread: {
      ...(await carriedSeats(tx, sku)),
      unknownAccounts: await countUnknownUsers(tx, sku),
    },
    firstReading: await firstReadingOf(tx, sku),
  };
}
