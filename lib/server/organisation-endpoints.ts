import { z } from "zod";
import { createOrganisation, createOrganisationInput } from "#lib/services/create-organisation";
import { getOrganisation, getOrganisationInput } from "#lib/services/get-organisation";
import { listOrganisations } from "#lib/services/list-organisations";
import { removeOrganisation, removeOrganisationInput } from "#lib/services/remove-organisation";
import { renameOrganisation, renameOrganisationInput } from "#lib/services/rename-organisation";
import {
  replaceOrganisationCredential,
  replaceOrganisationCredentialInput,
} from "#lib/services/replace-organisation-credential";
import {
  startOrganisationCheck,
  startOrganisationCheckInput,
} from "#lib/services/start-organisation-check";
import { type Endpoint, endpoint } from "./endpoint.ts";
import * as connections from "./schemas-connections.ts";
import * as organisations from "./schemas-organisations.ts";
import { toWireOrganisation } from "./wire.ts";

/** Organisations of SaaS Management. */
export const organisationEndpoints = {
  listOrganisations: endpoint({
    id: "listOrganisations",
    method: "GET",
    path: "/saas-organisations",
    summary: "SaaS Management organisations with their Microsoft applications and who reads them",
    input: z.strictObject({}),
    verb: (ctx) => listOrganisations(ctx),
    output: organisations.organisationListSchema,
    present: (items) => ({ items: items.map(toWireOrganisation) }),
  }),
  createOrganisation: endpoint({
    id: "createOrganisation",
    method: "POST",
    path: "/saas-organisations",
    summary: "Enter a SaaS Management organisation; its credential is used once it is verified",
    input: createOrganisationInput,
    verb: createOrganisation,
    status: 201,
    output: organisations.createdOrganisationSchema,
  }),
  getOrganisation: endpoint({
    id: "getOrganisation",
    method: "GET",
    path: "/saas-organisations/{id}",
    summary: "One SaaS Management organisation",
    input: getOrganisationInput,
    idField: "organisationId",
    verb: getOrganisation,
    output: organisations.organisationSchema,
    present: toWireOrganisation,
  }),
  renameOrganisation: endpoint({
    id: "renameOrganisation",
    method: "PATCH",
    path: "/saas-organisations/{id}",
    summary: "Rename an organisation",
    input: renameOrganisationInput,
    idField: "organisationId",
    verb: renameOrganisation,
    output: organisations.organisationSchema,
    present: toWireOrganisation,
  }),
  removeOrganisation: endpoint({
    id: "removeOrganisation",
    method: "DELETE",
    path: "/saas-organisations/{id}",
    summary: "Remove an organisation without connections; its credential is erased",
    input: removeOrganisationInput,
    idField: "organisationId",
    verb: removeOrganisation,
    status: 204,
    output: null,
  }),
  replaceOrganisationCredential: endpoint({
    id: "replaceOrganisationCredential",
    method: "PUT",
    path: "/saas-organisations/{id}/credential",
    summary: "Save an organisation's new credential; it is used once it is verified",
    input: replaceOrganisationCredentialInput,
    idField: "organisationId",
    verb: replaceOrganisationCredential,
    status: 202,
    output: organisations.checkIdSchema,
  }),
  startOrganisationCheck: endpoint({
    id: "startOrganisationCheck",
    method: "POST",
    path: "/saas-organisations/{id}/checks",
    summary: "Check an organisation's credential and list its applications anew",
    input: startOrganisationCheckInput,
    idField: "organisationId",
    verb: startOrganisationCheck,
    status: 202,
    output: connections.idSchema,
  }),
} as const satisfies Record<string, Endpoint>;
