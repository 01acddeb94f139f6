import { randomUUID } from "node:crypto";
import { createImportStore } from "#db/queries/import-store";
import { createTestConnection, type TestConnection } from "#db/testing/import-fixtures";
import { publishDirectory, publishSignIns, publishUsage } from "#db/testing/published-snapshots";
import type { TestDatabase } from "#db/testing/test-database";
import { addDays } from "#lib/domain/utc-day";
import type { UserRow } from "#lib/import/ports";
import { assignmentRow, guid, skuId, skuRow, userId, userRow } from "#lib/import/testing/rows";

const today = new Date().toISOString().slice(0, 10);
const daysAgo = (days: number): string => `${addDays(today, -days)}T12:00:00Z`;

/** Accounts with every activity, origin and trait; `SKU_1` is held by all of them, `SKU_2` by every third. */
const user = (index: number): UserRow =>
  userRow(index, {
    displayName: index % 10 === 9 ? null : `User ${String(index).padStart(3, "0")}_%`,
    department: index % 2 === 0 ? "Sales" : null,
    accountEnabled: index % 7 !== 0,
    userType: index % 11 === 0 ? "Guest" : "Member",
    createdAt: index % 5 === 0 ? daysAgo(3) : daysAgo(900),
    assignments: [
      assignmentRow(1, {
        direct: index % 4 !== 0,
        groupIds: index % 4 === 0 || index % 4 === 1 ? [guid(3, 1)] : [],
        inError: index % 13 === 0,
        error: index % 13 === 0 ? "CountViolation" : null,
      }),
      ...(index % 3 === 0 ? [assignmentRow(2)] : []),
    ],
  });

/** How many accounts `publishSample` writes. */
export const sampleSize = 60;

export interface Sample {
  readonly connection: TestConnection;
  /** Publishes a directory with this many accounts instead, as a later import would. */
  republish(users: number): Promise<unknown>;
}

/** A connection with published directory, sign-ins and usage, through the pipeline's own store. */
export async function publishSample(db: TestDatabase, workspaceId: string): Promise<Sample> {
  const connection = await createTestConnection(db, { workspaceId, tenantId: randomUUID() });
  const arranged = { db, store: createImportStore(db.worker), connection };
  const republish = (users: number) =>
    publishDirectory(arranged, {
      skus: [
        skuRow(1, {
          consumedUnits: users,
          prepaidUnits: { enabled: 50, expiring: 5, suspended: 0, lockedOut: 0 },
        }),
        skuRow(2, {
          consumedUnits: 20,
          prepaidUnits: { enabled: 100, expiring: 0, suspended: 0, lockedOut: 0 },
        }),
        skuRow(3, { prepaidUnits: null }),
        skuRow(4, { appliesTo: "company" }),
        skuRow(5, {
          skuId: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
          partNumber: "POWER_BI_STANDARD",
          prepaidUnits: { enabled: 1_000_000, expiring: 0, suspended: 0, lockedOut: 0 },
        }),
      ],
      users: Array.from({ length: users }, (_, index) => user(index + 1)),
      subscriptions: [
        {
          subscriptionId: "subscription-1",
          commerceSubscriptionId: null,
          skuId: skuId(1),
          partNumber: "SKU_1",
          status: "Enabled",
          totalUnits: 50,
          trial: false,
          createdAt: daysAgo(400),
          nextLifecycleAt: `${addDays(today, 30)}T00:00:00Z`,
          partnerTenantId: null,
        },
      ],
    });
  await db.ownerSql`
    insert into prices (workspace_id, sku_id, amount, currency, source)
    values (${workspaceId}, ${skuId(1)}, 33.35, 'EUR', 'entered')
    on conflict do nothing`;
  await republish(sampleSize);
  await publishSignIns(
    arranged,
    Array.from({ length: 40 }, (_, index) => ({
      userId: userId(index + 1),
      lastSuccessfulAt: index % 4 === 0 ? daysAgo(2) : index % 4 === 1 ? daysAgo(200) : null,
      lastInteractiveAt: null,
      lastNonInteractiveAt: null,
    })),
  );
  await publishUsage(arranged, {
    "active-users": {
      refreshedOn: addDays(today, -2),
      rows: [45, 50].map((index) => ({
        userPrincipalName: `USER${index}@contoso.example`,
        lastActivityOn: addDays(today, -5),
        storageBytes: null,
        hasArchive: null,
      })),
    },
  });
  return { connection, republish };
}
