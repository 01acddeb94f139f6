import type { PermissionName } from "#lib/domain/connection";
import { permissions } from "#lib/domain/connection";
import { type Failure, FailureError } from "#lib/domain/failure";
import { never, upstream } from "#lib/http/failures";
import { withRetries } from "#lib/http/retry";
import type { OrganizationRow } from "#lib/import/ports";
import { isOffered } from "./clouds.ts";
import type { GraphClient, GraphRequest } from "./graph-client.ts";
import { notLicensed } from "./graph-errors.ts";
import { toOrganization, toVerifiedDomains } from "./map.ts";
import { mapRows } from "./rows.ts";
import { rolesOf, type TokenProvider } from "./token.ts";
import {
  probeJson,
  probeReport,
  probes,
  type VerifiedEndpoint,
  verifiedEndpoints,
} from "./verify-probes.ts";
import { organizationWire } from "./wire/resources.ts";
import { isRecord } from "./wire/scalars.ts";

export type CheckOutcome =
  | { readonly kind: "ok" }
  | { readonly kind: "missing-permission" }
  | { readonly kind: "not-licensed" }
  | { readonly kind: "not-offered" }
  | { readonly kind: "failed"; readonly failure: Failure };

/** One endpoint tried once. `latencyMs` covers its retries; 0 when it was not asked. */
export interface EndpointCheck {
  readonly endpoint: VerifiedEndpoint;
  readonly permission: PermissionName;
  readonly mandatory: boolean;
  readonly outcome: CheckOutcome;
  readonly latencyMs: number;
}

/** One application permission and whether the token carries it. */
export interface PermissionCheck {
  readonly permission: PermissionName;
  readonly mandatory: boolean;
  readonly granted: boolean;
}

/** The tenant as it names itself, with every domain it has verified, in lower case. */
export interface VerifiedTenant extends Pick<OrganizationRow, "displayName" | "defaultDomain"> {
  readonly domains: readonly string[];
}

/** What a connection can and cannot read. Source: DESIGN §7 step 4. */
export interface VerificationReport {
  /** Null when a token was issued. */
  readonly tokenFailure: Failure | null;
  readonly permissions: readonly PermissionCheck[];
  readonly checks: readonly EndpointCheck[];
  /** Null until /organization answered for the expected tenant. */
  readonly tenant: VerifiedTenant | null;
  /** Every mandatory endpoint answered: imports can run. */
  readonly usable: boolean;
  /**
   * What is missing may still be on its way: a grant reaches Microsoft's servers minutes after it is given. Within
   * some minutes of a consent the caller waits and verifies again. Source: reference/microsoft-graph.md §2.3.
   */
  readonly pending: boolean;
}

export interface VerifyInput {
  readonly client: GraphClient;
  readonly tokens: Pick<TokenProvider, "getToken" | "dropTokens">;
  /** GUID the organisation must answer with. */
  readonly tenantId: string;
  readonly signal: AbortSignal;
}

/** A person waits for the answer: fewer attempts, no long waits. */
const maxAttempts = 3;
const deadlineMs = 60_000;

/** Tries everything an import reads, once each, with a new token. Rejects only when the signal aborts. */
export async function verifyAccess(input: VerifyInput): Promise<VerificationReport> {
  const { client, signal } = input;
  const token = await withRetries(() => input.tokens.getToken({ fresh: true, signal }), {
    clock: client.clock,
    signal,
    deadlineMs,
    maxAttempts,
  })
    .then((value) => ({ kind: "token", value }) as const)
    .catch((error: unknown) => ({ kind: "failed", failure: failureIn(error, signal) }) as const);
  if (token.kind === "failed") return withoutToken(token.failure);

  const roles = rolesOf(token.value);
  const granted = permissions.map(({ name, mandatory }) => ({
    permission: name,
    mandatory,
    granted: roles.includes(name),
  }));
  let tenant: VerifiedTenant | null = null;
  const checks = await Promise.all(
    verifiedEndpoints.map((endpoint) =>
      check(input, endpoint, async (probe) => {
        if (endpoint === "organization") tenant = await readTenant(input, probe);
        else await probe();
      }),
    ),
  );
  return {
    tokenFailure: null,
    permissions: granted,
    checks,
    tenant,
    usable: checks.every(({ mandatory, outcome }) => !mandatory || outcome.kind === "ok"),
    pending: isPending(granted, checks),
  };
}

const withoutToken = (failure: Failure): VerificationReport => ({
  tokenFailure: failure,
  permissions: permissions.map(({ name, mandatory }) => ({
    permission: name,
    mandatory,
    granted: false,
  })),
  checks: [],
  tenant: null,
  usable: false,
  pending: ["app-not-in-tenant", "consent-revoked"].includes(failure.code),
});

/** A mandatory permission not in the token yet, or one that is there and refused all the same. */
function isPending(granted: readonly PermissionCheck[], checks: readonly EndpointCheck[]): boolean {
  const has = (name: PermissionName) =>
    granted.some((check) => check.permission === name && check.granted);
  return (
    granted.some(({ mandatory, granted: there }) => mandatory && !there) ||
    checks.some(
      ({ permission, outcome }) =>
        (outcome.kind === "missing-permission" && has(permission)) ||
        (outcome.kind === "failed" && outcome.failure.code === "token-refused"),
    )
  );
}

async function check(
  { client, signal }: VerifyInput,
  name: VerifiedEndpoint,
  run: (probe: () => Promise<unknown>) => Promise<void>,
): Promise<EndpointCheck> {
  const { read, endpoint, mandatory, url } = probes[name];
  const { permission } = endpoint;
  const done = (outcome: CheckOutcome, latencyMs: number): EndpointCheck => ({
    endpoint: name,
    permission,
    mandatory,
    outcome,
    latencyMs,
  });
  if (!isOffered(client.cloud, read)) return done({ kind: "not-offered" }, 0);
  const request: GraphRequest = {
    ...endpoint,
    url,
    signal,
    maxAttempts,
    deadlineMs,
    urgent: true,
  };
  const started = client.clock.now();
  const outcome = await run(() =>
    name === "usage-report" ? probeReport(client, request) : probeJson(client, request, name),
  ).then(
    (): CheckOutcome => ({ kind: "ok" }),
    (error: unknown) => outcomeOf(failureIn(error, signal)),
  );
  return done(outcome, Math.round(client.clock.now() - started));
}

async function readTenant(
  { tenantId }: VerifyInput,
  probe: () => Promise<unknown>,
): Promise<VerifiedTenant> {
  const body = await probe();
  const values = isRecord(body) && Array.isArray(body.value) ? body.value : [];
  const [organization] = mapRows(values, organizationWire, (wire, notes) => ({
    ...toOrganization(wire, notes),
    domains: toVerifiedDomains(wire, notes),
  })).rows;
  if (!organization) throw upstream("unreadable-response", never);
  if (organization.tenantId !== tenantId.toLowerCase()) {
    throw new FailureError({ class: "tenant", code: "tenant-mismatch" });
  }
  return organization;
}

function outcomeOf(failure: Failure): CheckOutcome {
  if (failure.class === "permission") return { kind: "missing-permission" };
  if (failure.code === notLicensed) return { kind: "not-licensed" };
  return { kind: "failed", failure };
}

/** The failure to tell; a bug or an abort goes on its way. */
function failureIn(error: unknown, signal: AbortSignal): Failure {
  signal.throwIfAborted();
  if (error instanceof FailureError) return error.failure;
  throw error;
}
