import { z } from "zod";
import type { Endpoint } from "./endpoint.ts";
import { endpoints } from "./endpoints.ts";
import { problems } from "./problem.ts";
import { uploadEndpoints } from "./upload-endpoints.ts";

type Json = Readonly<Record<string, unknown>>;

const problemSchema = z.object({
  type: z.string(),
  title: z.string(),
  status: z.int(),
  code: z.enum(Object.keys(problems)),
  detail: z.string(),
  fields: z.record(z.string(), z.string()).optional(),
  existingId: z.guid().optional(),
  incident: z.guid().optional(),
});

const healthSchema = z.object({ status: z.literal("ok") });

export const readySchema = z.strictObject({
  ready: z.boolean(),
  database: z.enum(["ok", "unreachable"]),
  migrations: z.enum(["current", "behind", "unknown"]),
  queue: z.enum(["ok", "missing", "unknown"]),
  workerSeenSecondsAgo: z.number().nullable(),
});

const jsonSchema = (schema: z.ZodType, io: "input" | "output"): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
};

/** Safe: the JSON schema of an object has its properties by name and the names of the required ones. */
const membersOf = (schema: Json) => ({
  properties: Object.entries((schema.properties ?? {}) as Record<string, Json>),
  required: (schema.required ?? []) as readonly string[],
});

const jsonBody = (description: string, schema: Json): Json => ({
  description,
  content: { "application/json": { schema } },
});

const reads = (endpoint: Endpoint): boolean =>
  endpoint.method === "GET" || endpoint.method === "DELETE";

/** The fields a caller sends as query or body: the input without what path, headers and the edge fill. */
const callerFields = (endpoint: Endpoint): z.ZodType => {
  const { input } = endpoint;
  if (!(input instanceof z.ZodObject)) return input;
  const filled = [endpoint.idField, endpoint.idempotencyField, ...Object.keys(endpoint.fixed)];
  const sent = Object.entries(input.shape).filter(([name]) => !filled.includes(name));
  return z.strictObject(Object.fromEntries(sent));
};

const parametersOf = (endpoint: Endpoint): readonly Json[] => {
  const { properties, required } = membersOf(jsonSchema(callerFields(endpoint), "input"));
  const path = endpoint.path.includes("{id}")
    ? [{ name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } }]
    : [];
  const query = reads(endpoint)
    ? properties.map(([name, property]) => ({
        name,
        in: "query",
        required: required.includes(name),
        schema: property,
      }))
    : [];
  const header =
    endpoint.idempotencyField === null
      ? []
      : [{ name: "Idempotency-Key", in: "header", schema: { type: "string", maxLength: 200 } }];
  return [...path, ...query, ...header];
};

const bodyOf = (endpoint: Endpoint): Json => {
  if (reads(endpoint)) return {};
  const schema = jsonSchema(callerFields(endpoint), "input");
  const { properties, required: names } = membersOf(schema);
  const several = !(endpoint.input instanceof z.ZodObject);
  if (!several && properties.length === 0) return {};
  const required = several || names.length > 0;
  return { requestBody: { required, content: { "application/json": { schema } } } };
};

const operationOf = (endpoint: Endpoint): Json => ({
  operationId: endpoint.id,
  summary: endpoint.summary,
  ...(parametersOf(endpoint).length === 0 ? {} : { parameters: parametersOf(endpoint) }),
  ...bodyOf(endpoint),
  responses: {
    [endpoint.status]:
      endpoint.output === null
        ? { description: "Done" }
        : jsonBody(endpoint.summary, jsonSchema(endpoint.output, "output")),
    default: { $ref: "#/components/responses/Problem" },
  },
});

/** Endpoints that need no token. */
const openOperations: Readonly<Record<string, Json>> = {
  "/health": {
    get: {
      operationId: "health",
      summary: "Whether this process is alive",
      security: [],
      responses: { 200: jsonBody("Alive", jsonSchema(healthSchema, "output")) },
    },
  },
  "/ready": {
    get: {
      operationId: "ready",
      summary: "Whether database, migrations and queue are as this process needs them",
      security: [],
      responses: {
        200: jsonBody("Ready", jsonSchema(readySchema, "output")),
        503: jsonBody("Not ready", jsonSchema(readySchema, "output")),
      },
    },
  },
  "/openapi.json": {
    get: {
      operationId: "openapi",
      summary: "This document",
      security: [],
      responses: { 200: jsonBody("OpenAPI 3.1", { type: "object" }) },
    },
  },
};

/** Bytes, not JSON. */
const chunkOperation: Readonly<Record<string, Json>> = {
  "/packages/{id}/chunks/{no}": {
    put: {
      operationId: "putPackageChunk",
      summary: "Send one chunk of an upload, in any order; sending it again changes nothing",
      parameters: [
        { name: "id", in: "path", required: true, schema: { type: "string", format: "uuid" } },
        { name: "no", in: "path", required: true, schema: { type: "integer", minimum: 0 } },
      ],
      requestBody: {
        required: true,
        content: { "application/octet-stream": { schema: { type: "string", format: "binary" } } },
      },
      responses: {
        204: { description: "Stored" },
        default: { $ref: "#/components/responses/Problem" },
      },
    },
  },
};

const pathsOf = (all: readonly Endpoint[]): Readonly<Record<string, Json>> => {
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of all) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operationOf(endpoint),
    };
  }
  return paths;
};

/** OpenAPI 3.1, made of the schemas the use cases parse with and the answers are checked against. DESIGN §6. */
export const openapiDocument = (): Json => ({
  openapi: "3.1.0",
  info: {
    title: "Seatledger",
    version: "1",
    description:
      "Quantities are seats and null when unknown, with the reason in `unavailable`. Instants are UTC. Money is a decimal string with its currency.",
  },
  servers: [{ url: "/api/v1" }],
  security: [{ token: [] }],
  paths: {
    ...pathsOf([...Object.values(endpoints), ...Object.values(uploadEndpoints)]),
    ...chunkOperation,
    ...openOperations,
  },
  components: {
    securitySchemes: { token: { type: "http", scheme: "bearer" } },
    responses: {
      Problem: {
        description: "A refusal; `code` is stable",
        content: {
          "application/problem+json": { schema: jsonSchema(problemSchema, "output") },
        },
      },
    },
  },
});
