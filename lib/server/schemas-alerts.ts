import { z } from "zod";
import { alertKinds, alertSeverities } from "#lib/domain/alert";

const at = z.iso.datetime();

/** An alert as the API tells it. Source: `AlertItem`. */
export const alertSchema = z.strictObject({
  id: z.guid(),
  kind: z.enum(alertKinds),
  severity: z.enum(alertSeverities),
  connectionId: z.guid().nullable(),
  tenantId: z.guid().nullable(),
  tenantName: z.string().nullable(),
  what: z.string(),
  hidden: z.string(),
  action: z.string(),
  href: z.string(),
  openedAt: at,
  lastSeenAt: at,
  resolvedAt: at.nullable(),
  acknowledgedAt: at.nullable(),
  acknowledgedBy: z.string().nullable(),
});
