import { connectTenant, connectTenantInput } from "#lib/services/connect-tenant";
import {
  disconnectConnection,
  disconnectConnectionInput,
} from "#lib/services/disconnect-connection";
import { getConnection, getConnectionInput } from "#lib/services/get-connection";
import { getSchedule, getScheduleInput } from "#lib/services/get-schedule";
import { listConnections, listConnectionsInput } from "#lib/services/list-connections";
import { listPackages, listPackagesInput } from "#lib/services/list-packages";
import { replaceCredential, replaceCredentialInput } from "#lib/services/replace-credential";
import { updateConnection, updateConnectionInput } from "#lib/services/update-connection";
import { updateSchedule, updateScheduleInput } from "#lib/services/update-schedule";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as connections from "./schemas-connections.ts";
import * as licenses from "./schemas-licenses.ts";
import * as packages from "./schemas-packages.ts";
import { pageOf, toWireConnection, toWireConnectionDetail } from "./wire.ts";

/** Connections, with their credential, schedule and uploads. */
export const connectionEndpoints = {
  listConnections: endpoint({
    id: "listConnections",
    method: "GET",
    path: "/connections",
    summary: "Connections with their health",
    input: listConnectionsInput,
    verb: listConnections,
    output: licenses.page(connections.connectionSchema),
    present: pageOf(toWireConnection),
  }),
  createConnection: endpoint({
    id: "createConnection",
    method: "POST",
    path: "/connections",
    summary: "Connect a tenant by a registered app, for packages, or through SaaS Management",
    input: connectTenantInput,
    verb: connectTenant,
    status: 201,
    output: connections.createdConnectionSchema,
  }),
  getConnection: endpoint({
    id: "getConnection",
    method: "GET",
    path: "/connections/{id}",
    summary: "One connection",
    input: getConnectionInput,
    idField: "connectionId",
    verb: getConnection,
    output: connections.connectionDetailSchema,
    present: toWireConnectionDetail,
  }),
  updateConnection: endpoint({
    id: "updateConnection",
    method: "PATCH",
    path: "/connections/{id}",
    summary: "Rename a connection, or change one that is being made",
    input: updateConnectionInput,
    idField: "connectionId",
    verb: updateConnection,
    output: connections.connectionDetailSchema,
    present: toWireConnectionDetail,
  }),
  disconnectConnection: endpoint({
    id: "disconnectConnection",
    method: "DELETE",
    path: "/connections/{id}",
    summary: "Disconnect: secrets are erased, licenses retired, history kept",
    input: disconnectConnectionInput,
    idField: "connectionId",
    verb: disconnectConnection,
    status: 204,
    output: null,
  }),
  replaceCredential: endpoint({
    id: "replaceCredential",
    method: "PUT",
    path: "/connections/{id}/credential",
    summary: "Save a new credential; it is used once it is verified",
    input: replaceCredentialInput,
    idField: "connectionId",
    verb: replaceCredential,
    status: 202,
    output: connections.verificationIdSchema,
  }),
  getSchedule: endpoint({
    id: "getSchedule",
    method: "GET",
    path: "/connections/{id}/schedule",
    summary: "When a connection is imported by itself, the next run, and whether it is overdue",
    input: getScheduleInput,
    idField: "connectionId",
    verb: getSchedule,
    output: connections.scheduleSchema,
  }),
  updateSchedule: endpoint({
    id: "updateSchedule",
    method: "PUT",
    path: "/connections/{id}/schedule",
    summary: "Set when a connection is imported by itself, or pause it",
    input: updateScheduleInput,
    idField: "connectionId",
    verb: updateSchedule,
    output: connections.scheduleSchema,
  }),
  listPackages: endpoint({
    id: "listPackages",
    method: "GET",
    path: "/connections/{id}/packages",
    summary: "What was uploaded to a connection of the deprecated connector, newest first",
    input: listPackagesInput,
    idField: "connectionId",
    verb: listPackages,
    output: packages.packageListSchema,
  }),
} as const satisfies Record<string, Endpoint>;
