import { randomUUID } from "node:crypto";
import { acknowledgeAlert } from "./acknowledge-alert.ts";
import { connectTenant } from "./connect-tenant.ts";
import { countAlerts } from "./count-alerts.ts";
import { countConnections } from "./count-connections.ts";
import { createConnection } from "./create-connection.ts";
import { createDraft } from "./create-draft.ts";
import { disconnectConnection } from "./disconnect-connection.ts";
import { getConnection } from "./get-connection.ts";
import { getSchedule } from "./get-schedule.ts";
import { listAlerts } from "./list-alerts.ts";
import { listConnections } from "./list-connections.ts";
import { moveTenantHere } from "./move-tenant-here.ts";
import { pauseImports } from "./pause-imports.ts";
import { removeRetiredLicenses } from "./remove-retired-licenses.ts";
import { admins, credential, describeRights, draft, everybody } from "./testing/rights.ts";
import { updateConnection } from "./update-connection.ts";
import { updateSchedule } from "./update-schedule.ts";

/** Who may do what with connections, their schedules and alerts. Source: DESIGN §2. */
describeRights([
  {
    name: "listConnections",
    allowed: everybody,
    names: null,
    call: (ctx) => listConnections(ctx, {}),
  },
  {
    name: "countConnections",
    allowed: everybody,
    names: null,
    call: (ctx) => countConnections(ctx, {}),
  },
  {
    name: "getConnection",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getConnection(ctx, { connectionId }),
  },
  { name: "listAlerts", allowed: everybody, names: null, call: (ctx) => listAlerts(ctx) },
  { name: "countAlerts", allowed: everybody, names: null, call: (ctx) => countAlerts(ctx) },
  {
    name: "acknowledgeAlert",
    allowed: admins,
    names: "alertId",
    call: (ctx, { alertId }) => acknowledgeAlert(ctx, { alertId }),
  },
  { name: "createDraft", allowed: admins, names: null, call: (ctx) => createDraft(ctx, draft) },
  {
    name: "createConnection",
    allowed: admins,
    names: null,
    call: (ctx) =>
      createConnection(ctx, {
        ...draft,
        tenantId: randomUUID(),
        clientId: randomUUID(),
        credential,
      }),
  },
  {
    name: "connectTenant",
    allowed: admins,
    names: null,
    call: (ctx) =>
      connectTenant(ctx, {
        name: "Packages",
        source: "office-365-deprecated",
        tenantId: randomUUID(),
      }),
  },
  {
    name: "updateConnection",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => updateConnection(ctx, { connectionId: draftId, name: "Renamed" }),
  },
  {
    name: "getSchedule",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => getSchedule(ctx, { connectionId }),
  },
  {
    name: "updateSchedule",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      updateSchedule(ctx, { connectionId, cadence: "daily", time: "02:30", timeZone: "UTC" }),
  },
  {
    name: "pauseImports",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => pauseImports(ctx, { connectionId, paused: false }),
  },
  {
    name: "removeRetiredLicenses",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => removeRetiredLicenses(ctx, { connectionId }),
  },
  {
    name: "disconnectConnection",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => disconnectConnection(ctx, { connectionId }),
  },
  {
    name: "moveTenantHere",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => moveTenantHere(ctx, { connectionId }),
  },
]);
