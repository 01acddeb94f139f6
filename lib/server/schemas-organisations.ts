import { z } from "zod";
import { connectionStatuses } from "#lib/domain/connection";
import {
  applicationListings,
  saasCredentialKinds,
  saasRegions,
} from "#lib/domain/saas-organisation";
import { failureSchema } from "./schemas-connections.ts";
import { instant } from "./schemas-licenses.ts";

const at = z.iso.datetime();

const reader = z.strictObject({
  id: z.guid(),
  name: z.string(),
  tenantId: z.guid().nullable(),
  tenantName: z.string().nullable(),
  status: z.enum(connectionStatuses),
  managedAppId: z.string(),
});

export const organisationSchema = z.strictObject({
  id: z.guid(),
  name: z.string(),
  region: z.enum(saasRegions),
  orgId: z.string(),
  status: z.enum(["checking", "unverified", "ready", "action-needed"]),
  problem: failureSchema.nullable(),
  verifiedAt: instant,
  credential: z
    .strictObject({
      kind: z.enum(saasCredentialKinds),
      state: z.enum(["candidate", "active"]),
      version: z.int(),
      expiresAt: instant,
    })
    .nullable(),
  check: z
    .strictObject({
      id: z.guid(),
      state: z.enum(["queued", "running", "succeeded", "failed"]),
      error: failureSchema.nullable(),
      createdAt: at,
      finishedAt: instant,
    })
    .nullable(),
  applications: z.array(
    z.strictObject({
      id: z.string(),
      name: z.string().nullable(),
      appName: z.string().nullable(),
      active: z.boolean().nullable(),
      /** The applications below it; null = they could not be read. */
      children: z.array(z.strictObject({ id: z.string(), name: z.string().nullable() })).nullable(),
      listed: z.enum(applicationListings),
      connection: reader.nullable(),
    }),
  ),
  connections: z.array(reader),
  createdAt: at,
  createdBy: z.string(),
  workerSeenSecondsAgo: z.number().nullable(),
});

export const organisationListSchema = z.strictObject({ items: z.array(organisationSchema) });

export const createdOrganisationSchema = z.strictObject({ id: z.guid(), checkId: z.guid() });

export const checkIdSchema = z.strictObject({ checkId: z.guid() });
