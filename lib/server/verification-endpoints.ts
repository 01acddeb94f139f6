import { getVerification, getVerificationInput } from "#lib/services/get-verification";
import { listVerifications, listVerificationsInput } from "#lib/services/list-verifications";
import { startVerification, startVerificationInput } from "#lib/services/start-verification";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as connections from "./schemas-connections.ts";
import * as licenses from "./schemas-licenses.ts";
import { pageOf, toWireVerification } from "./wire.ts";

/** Checks of a connection. */
export const verificationEndpoints = {
  startVerification: endpoint({
    id: "startVerification",
    method: "POST",
    path: "/connections/{id}/verifications",
    summary: "Check a connection, permission by permission",
    input: startVerificationInput,
    idField: "connectionId",
    verb: startVerification,
    status: 202,
    output: connections.idSchema,
  }),
  listVerifications: endpoint({
    id: "listVerifications",
    method: "GET",
    path: "/connections/{id}/verifications",
    summary: "A connection's checks, newest first",
    input: listVerificationsInput,
    idField: "connectionId",
    verb: listVerifications,
    output: licenses.page(connections.verificationSchema),
    present: pageOf(toWireVerification),
  }),
  getVerification: endpoint({
    id: "getVerification",
    method: "GET",
    path: "/verifications/{id}",
    summary: "One check of a connection",
    input: getVerificationInput,
    idField: "verificationId",
    verb: getVerification,
    output: connections.verificationSchema,
    present: toWireVerification,
  }),
} as const satisfies Record<string, Endpoint>;
