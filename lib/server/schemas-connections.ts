import { z } from "zod";
import { licenseResolutions } from "#lib/domain/app-license";
import { cadences, weekdays } from "#lib/domain/cadence";
import {
  clouds,
  connectionStatuses,
  disconnectReasons,
  methods,
  sources,
} from "#lib/domain/connection";
import { failureClasses } from "#lib/domain/failure";
import {
  datasets,
  importStates,
  importTriggers,
  runStates,
  streamStates,
  streams,
} from "#lib/domain/import";
import { microsoftServices } from "#lib/domain/import-wait";
import { leftOutReasons } from "#lib/domain/license";
import { overdueReasons } from "#lib/domain/overdue";
import { unavailableReasons } from "#lib/domain/quantity";
import { saasRegions } from "#lib/domain/saas-organisation";
import { asOf, instant } from "./schemas-licenses.ts";

export const failureSchema = z.strictObject({
  class: z.enum(failureClasses),
  code: z.string(),
  message: z.string(),
  hidden: z.string(),
  action: z.string(),
  permission: z.string().optional(),
  errorNumber: z
    .int()
    .optional()
    .describe("The number after AADSTS, where Microsoft's login refused with one."),
  requestId: z.string().optional().describe("Of Microsoft Graph, for Microsoft's support."),
  correlationId: z.string().optional().describe("Of Microsoft's login, for Microsoft's support."),
});

const at = z.iso.datetime();

/** `time` is the wall clock's of `timeZone` (an IANA name). */
export const scheduleSchema = z.strictObject({
  cadence: z.enum(cadences),
  weekday: z.enum(weekdays).nullable(),
  time: z.string(),
  timeZone: z.string(),
  paused: z.boolean(),
  nextRunAt: instant,
  lastRun: z.strictObject({ dueAt: at, at, importId: z.guid(), joined: z.boolean() }).nullable(),
  overdue: z
    .strictObject({
      reason: z.enum(overdueReasons),
      dueAt: at,
      what: z.string(),
      action: z.string(),
    })
    .nullable(),
  changedAt: at,
  changedBy: z.string(),
});

export const connectionSchema = z.strictObject({
  id: z.guid(),
  name: z.string(),
  enterprise: z.string().nullable(),
  source: z.enum(sources),
  method: z.enum(methods).nullable(),
  cloud: z.enum(clouds),
  tenantId: z.guid().nullable(),
  tenantName: z.string().nullable(),
  tenantDomain: z.string().nullable(),
  clientId: z.guid().nullable(),
  status: z.enum(connectionStatuses),
  problem: failureSchema.nullable(),
  newPermissions: z.array(z.string()),
  asOf,
  licenses: z.int(),
  atRisk: z.int(),
  idleUnits: z.int().nullable(),
  leftOut: z.enum(leftOutReasons).nullable(),
  credential: z
    .strictObject({
      kind: z.enum(["secret", "certificate"]),
      expiresAt: instant,
      version: z.int(),
      thumbprint: z.string().nullable(),
    })
    .nullable(),
  lastImport: z
    .strictObject({
      id: z.guid(),
      state: z.enum(importStates),
      createdAt: at,
      finishedAt: instant,
      limits: z.array(z.strictObject({ service: z.enum(microsoftServices), until: at })),
    })
    .nullable(),
  heldImportId: z.guid().nullable(),
  schedule: scheduleSchema.nullable(),
  createdAt: at,
  createdBy: z.string(),
  disconnected: z
    .strictObject({ at, by: z.string().nullable(), because: z.enum(disconnectReasons) })
    .nullable(),
});

/** What people mapped for a former connection of an application; null = nothing. */
export const takenOverSchema = z
  .strictObject({
    count: z.int(),
    from: z.strictObject({ connectionId: z.guid(), name: z.string(), disconnectedAt: instant }),
    by: z.array(z.string()),
    firstAt: at,
    lastAt: at,
  })
  .nullable();

export const connectionDetailSchema = connectionSchema.extend({
  tenantHint: z.string().nullable(),
  consentedAt: instant,
  provenAt: instant,
  verifiedAt: instant,
  declinedPermissions: z.array(z.string()),
  sameTenant: z.array(z.strictObject({ id: z.guid(), name: z.string(), disconnectedAt: instant })),
  askedPermissions: z.array(z.string()).nullable(),
  /** What it reads at SaaS Management; null for another source. */
  application: z
    .strictObject({
      organisationId: z.guid(),
      organisationName: z.string(),
      region: z.enum(saasRegions),
      orgId: z.string(),
      managedAppId: z.string(),
      name: z.string().nullable(),
      takenOver: takenOverSchema,
    })
    .nullable(),
});

const figures = z.strictObject({
  rows: z.int(),
  skus: z.int(),
  consumed: z.int(),
  reported: z.int().nullable(),
});

export const importSchema = z.strictObject({
  id: z.guid(),
  connectionId: z.guid(),
  connectionName: z.string(),
  state: z.enum(importStates),
  trigger: z.enum(importTriggers),
  requestedBy: z.string(),
  joinedBy: z.array(
    z.strictObject({ trigger: z.enum(importTriggers), requestedBy: z.string(), at }),
  ),
  createdAt: at,
  startedAt: instant,
  finishedAt: instant,
  streams: z.array(
    z.strictObject({
      name: z.enum(streams),
      state: z.enum(streamStates),
      rows: z.int(),
      pages: z.int(),
      quarantined: z.int(),
      quarantinedFields: z.array(z.string()),
      unexpectedFields: z.array(z.string()),
      retries: z.int(),
      limitedUntil: instant,
      pacedUntil: instant,
      reason: z.enum(unavailableReasons).nullable(),
      error: failureSchema.nullable(),
    }),
  ),
  datasets: z.array(
    z.strictObject({
      name: z.enum(datasets),
      runId: z.guid(),
      state: z.enum(runStates),
      adopted: z.boolean(),
      startedAt: instant,
      finishedAt: instant,
      publishedAt: instant,
      decidedBy: z.string().nullable(),
      error: failureSchema.nullable(),
      hold: z
        .strictObject({
          reasons: z.array(z.string()),
          before: figures.nullable(),
          after: figures,
          /** Seats of the licenses that another connector of the tenant reports as well. */
          beside: z
            .strictObject({ source: z.enum(sources), consumed: z.int(), counted: z.int() })
            .nullable(),
          /** Licenses of an application that would stand for another product than before, or for none. */
          links: z.array(
            z.strictObject({
              externalId: z.string(),
              name: z.string().nullable(),
              before: z.string(),
              after: z.string().nullable(),
              resolution: z.enum(licenseResolutions),
            }),
          ),
        })
        .nullable(),
      awaitsVerification: z
        .strictObject({
          state: z.enum(["queued", "running", "waiting"]),
          nextAttemptAt: instant,
        })
        .nullable(),
    }),
  ),
  preview: z.array(
    z.strictObject({
      skuId: z.guid(),
      productName: z.string(),
      enabled: z.int().nullable(),
      consumedUnits: z.int().nullable(),
    }),
  ),
  /** Accounts that came without their licenses. */
  unread: z
    .strictObject({
      carried: z.int(),
      unknown: z.int(),
      accounts: z.array(
        z.strictObject({
          userId: z.guid(),
          displayName: z.string().nullable(),
          userPrincipalName: z.string().nullable(),
          seatsAsOf: instant,
        }),
      ),
    })
    .nullable(),
  expectedUsers: z.int().nullable(),
  workerSeenSecondsAgo: z.number().nullable(),
});

export const decidedSchema = z.strictObject({ datasets: z.array(z.enum(datasets)) });

export const verificationSchema = z.strictObject({
  id: z.guid(),
  connectionId: z.guid(),
  kind: z.enum(["proof", "credential", "check"]),
  state: z.enum(["queued", "running", "waiting", "succeeded", "failed"]),
  attempts: z.int(),
  nextAttemptAt: instant,
  createdAt: at,
  finishedAt: instant,
  tenantName: z.string().nullable(),
  tenantDomain: z.string().nullable(),
  permissions: z.array(
    z.strictObject({
      name: z.string(),
      mandatory: z.boolean(),
      granted: z.boolean(),
      gives: z.string(),
      without: z.string(),
    }),
  ),
  endpoints: z.array(
    z.strictObject({
      endpoint: z.string(),
      permission: z.string().nullable(),
      mandatory: z.boolean(),
      outcome: z.enum(["ok", "missing-permission", "not-licensed", "not-offered", "failed"]),
      latencyMs: z.number().nullable(),
      error: failureSchema.nullable(),
    }),
  ),
  error: failureSchema.nullable(),
  workerSeenSecondsAgo: z.number().nullable(),
});

export const idSchema = z.strictObject({ id: z.guid() });

export const createdConnectionSchema = z.strictObject({
  id: z.guid(),
  status: z.enum(connectionStatuses),
  /** Null where there is nothing to verify: packages say so themselves, an organisation's credential was verified before. */
  verificationId: z.guid().nullable(),
});

export const verificationIdSchema = z.strictObject({ verificationId: z.guid() });
