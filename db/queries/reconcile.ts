import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import { isFreePool } from "#lib/domain/free-pool";
import type { RetiredReason, UtcDay } from "#lib/domain/license";
import { noOpportunities, unassignedUnits } from "#lib/domain/opportunity";
import { paidUnits } from "#lib/domain/position-rules";
import { type Maybe, valueOrNull } from "#lib/domain/quantity";
import { type HolderCounts, reconcileLicense, type ToldOfAccounts } from "#lib/domain/reconcile";
import { withBulkPlans } from "./bulk-plans.ts";
import { countHolders, dropAccounts, noHolders, prepareAccounts } from "./reconcile-accounts.ts";
import { loadAppLicenses } from "./reconcile-app-licenses.ts";
import { type Basis, loadBasis } from "./reconcile-basis.ts";
import {
  type ContractFacts,
  type Decision,
  loadContracts,
  loadSubscriptions,
  type SubscriptionFacts,
} from "./reconcile-contracts.ts";
import { insertOpportunities } from "./reconcile-opportunities.ts";
import { findRetirement } from "./reconcile-retirement.ts";
import { loadSkus, type SkuFacts } from "./reconcile-skus.ts";
import { insertPositions, type ReconciledLicense, upsertLicenses } from "./reconcile-write.ts";
import { countUnknownUsers } from "./unread-users.ts";

/** What made a reconciliation necessary. */
export type ReconcileCause =
  | "publish"
  | "purchases"
  | "prices"
  | "exclusions"
  | "settings"
  | "daily"
  | "status";

export interface ReconcileInput {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly cause: ReconcileCause;
  /** Day E; today in UTC by database time when not given. */
  readonly evaluatedOn?: UtcDay;
}

/**
 * Recomputes a connection on the snapshots it has, under a new reconciliation id: after a change of purchases,
 * exclusions, settings, supersessions or the connection's state, and once a day (of a price: reconcile-prices). Locks the
 * connection row first. Returns null when no directory was ever published. Source: DESIGN §4.8.
 */
export async function recomputeReconciliation(
  tx: Tx,
  input: ReconcileInput,
): Promise<number | null> {
  await tx.execute(sql`
    select 1 from connections
    where workspace_id = ${input.workspaceId} and id = ${input.connectionId} for no key update`);
  return reconcileConnection(tx, input);
}

/**
 * Computes every license of a connection from its published snapshots and flips the connection to the result; readers
 * see all of it or nothing. The caller has locked the connection row. Source: DESIGN §4.6, §5.
 */
export async function reconcileConnection(tx: Tx, input: ReconcileInput): Promise<number | null> {
  const basis = await loadBasis(tx, input);
  return basis === null ? null : withBulkPlans(tx, () => reconcile(tx, input, basis));
}

async function reconcile(tx: Tx, input: ReconcileInput, basis: Basis): Promise<number> {
  const reconciliationId = await insertReconciliation(tx, basis, input);
  await prepareAccounts(tx, basis);
  const licenses = await reconcileLicenses(tx, basis);
  const licenseIds = await upsertLicenses(tx, basis, licenses);
  const idle = await insertOpportunities(tx, basis, {
    reconciliationId,
    licenses: licenses.flatMap(({ sku, position, unassigned }) => {
      const { skuNo } = sku;
      const licenseId = licenseIds.get(sku.externalId);
      return licenseId === undefined || skuNo === null || noOpportunities(position) !== null
        ? []
        : [{ licenseId, skuNo, servicePlanIds: sku.servicePlanIds, unassigned }];
    }),
  });
  await insertPositions(tx, basis, { reconciliationId, licenses, licenseIds, idle });
  await dropAccounts(tx);
  await tx.execute(sql`
    update connections set reconciliation_id = ${reconciliationId}
    where workspace_id = ${input.workspaceId} and id = ${input.connectionId}`);
  return reconciliationId;
}

const reasonOf = (source: Maybe<unknown>): string | null =>
  source.kind === "unknown" ? source.reason : null;

async function insertReconciliation(tx: Tx, basis: Basis, input: ReconcileInput): Promise<number> {
  const [row] = await tx.execute<{ id: number }>(sql`
    insert into reconciliations (workspace_id, connection_id, directory_snapshot_id,
      sign_ins_snapshot_id, usage_snapshot_id, evaluated_on, activity_window_days, grace_days,
      sign_ins_unavailable, usage_unavailable, mailbox_unavailable, cause)
    values (${input.workspaceId}, ${input.connectionId}, ${basis.directorySnapshotId},
      ${basis.signInsSnapshotId}, ${basis.usageSnapshotId}, ${basis.evaluatedOn},
      ${basis.windowDays}, ${basis.graceDays}, ${reasonOf(basis.signIns)},
      ${reasonOf(basis.usage)}, ${reasonOf(basis.mailbox)}, ${input.cause})
    returning id`);
  if (row === undefined) throw new Error("A reconciliation always has an id.");
  await tx.execute(sql`
    update reconciliations set opportunities_of = id
    where workspace_id = ${input.workspaceId} and id = ${row.id}`);
  return row.id;
}

async function reconcileLicenses(tx: Tx, basis: Basis): Promise<readonly ReconciledLicense[]> {
  const holders = await countHolders(tx, basis);
  const heldNos = [...holders].flatMap(([no, counts]) => (counts.consumed > 0 ? [no] : []));
  const ofApplication = basis.connection.source === "saas-management";
  const skus = await (ofApplication ? loadAppLicenses : loadSkus)(tx, basis, heldNos);
  const retired = await findRetirement(tx, basis);
  const contractOf = await loadContracts(tx, basis);
  const subscriptionsOf = await loadSubscriptions(tx, basis);
  const told = await findTold(tx, basis);
  const unreadAccounts = await countUnread(tx, basis);
  return skus.map((sku) =>
    reconcileSku(basis, {
      sku,
      counts: (sku.skuNo === null ? null : holders.get(sku.skuNo)) ?? noHolders(basis),
      contract: contractOf(sku.skuId),
      subscriptions: subscriptionsOf(sku.skuId),
      retired,
      told: { ...told, holders: sku.holdersTold },
      unreadAccounts,
    }),
  );
}

/** Microsoft's own counts tell which licenses such accounts may hold; the other sources have none. docs/adr/0021. */
const countUnread = (tx: Tx, basis: Basis): Promise<number> | 0 =>
  basis.connection.source === "microsoft-365"
    ? countUnknownUsers(tx, {
        workspaceId: basis.connection.workspaceId,
        snapshotId: basis.directorySnapshotId,
      })
    : 0;

/**
 * Microsoft always tells of accounts what we ask for, SaaS Management neither block state nor user type, nor how a seat
 * came to somebody; a package may leave columns out, which is not "nobody".
 */
async function findTold(tx: Tx, basis: Basis): Promise<Omit<ToldOfAccounts, "holders">> {
  const { source, workspaceId } = basis.connection;
  if (source !== "office-365-deprecated") {
    const told = source === "microsoft-365";
    return { blockState: told, userType: told, origins: told };
  }
  const ofSnapshot = sql`snapshot_users
    where workspace_id = ${workspaceId} and snapshot_id = ${basis.directorySnapshotId}`;
  const [told] = await tx.execute<{ block_state: boolean; user_type: boolean }>(sql`
    select exists (select from ${ofSnapshot} and account_enabled is not null) as block_state,
      exists (select from ${ofSnapshot} and user_type is not null) as user_type`);
  return {
    blockState: told?.block_state ?? false,
    userType: told?.user_type ?? false,
    origins: true,
  };
}

interface SkuInput {
  readonly sku: SkuFacts;
  readonly counts: HolderCounts;
  readonly contract: ContractFacts;
  readonly subscriptions: SubscriptionFacts;
  readonly retired: RetiredReason | null;
  readonly told: ToldOfAccounts;
  readonly unreadAccounts: number;
}

function reconcileSku(basis: Basis, input: SkuInput): ReconciledLicense {
  const { sku, counts, contract, subscriptions } = input;
  const { listed, existing } = sku;
  // A person's word outlives imports and switches; everything else follows from facts.
  const manual = existing?.retiredReason === "manual" && input.retired !== "disconnected";
  const reason = manual ? "manual" : input.retired;
  const position = reconcileLicense({
    evaluatedOn: basis.evaluatedOn,
    directoryPublished: true,
    listed: listed !== null,
    heldByAnyone: counts.consumed > 0,
    appliesTo: listed?.appliesTo ?? (existing?.type === "tenant" ? "company" : null),
    units: listed?.units ?? null,
    entitled: sku.entitled,
    consumedUnits: { first: sku.firstConsumedUnits, second: listed?.consumedUnits ?? null },
    counts,
    told: input.told,
    unreadAccounts: input.unreadAccounts,
    trialUnits: subscriptions.trialUnits,
    allTrials: subscriptions.allTrials,
    purchasedUnits: contract.purchasedUnits,
    freePool: isFreePool(sku.skuId, existing?.freePoolDecision ?? null),
    hasPrice: contract.price !== null,
    retired: reason === null ? null : { reason },
  });
  const none = noOpportunities(position);
  return {
    sku,
    position,
    contract,
    decision: decisionOf(contract.purchaseDecision ?? subscriptions.lifecycleDecision, position),
    unassigned:
      none === null || none === "unknown-units" ? valueOrNull(unassignedUnits(position)) : 0,
  };
}

/** At most the paid units reach a decision. Source: DESIGN §5 Money. */
function decisionOf(
  decision: Decision | null,
  position: ReconciledLicense["position"],
): Decision | null {
  if (decision === null || decision.units === null) return decision;
  const paid = paidUnits(position.enabled, position.trial);
  return paid.kind === "known"
    ? { ...decision, units: Math.min(decision.units, paid.value) }
    : decision;
}
