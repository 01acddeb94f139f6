import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  certificateFacts,
  type KeyedCertificate,
  makeCertificate,
} from "#lib/services/certificate";
import { getConnection } from "#lib/services/get-connection";
import { replaceCredential } from "#lib/services/replace-credential";
import { credentialBinding } from "#lib/services/sealing";
import { testCertificate, testPrivateKey } from "#simulator/testing/certificate";
import type { AppRegistration } from "#simulator/types";
import {
  benchSecret,
  createFaultBench,
  type FaultBench,
  type Plot,
  type Story,
  type Subject,
} from "./testing/fault-bench.ts";
import {
  datasetOf,
  expectFailed,
  expectIntact,
  figuresOf,
  requestsOf,
  streamOf,
} from "./testing/stories.ts";
import { waitFor } from "./testing/wait-for.ts";

const replaced = "canary8Q~secret-that-took-its-place";

const plots = {
  // B13
  oneRefusal: {
    size: 1050,
    faults: [{ kind: "unauthorized", stream: "users", page: 2, times: 1 }],
  },
  refusals: { faults: [{ kind: "unauthorized", stream: "users" }] },
  // B15, B16
  rotated: { meanwhile: (subject) => changeApp(subject, { secrets: [secretOf(replaced)] }) },
  secretExpired: {
    meanwhile: (subject) =>
      changeApp(subject, { secrets: [secretOf(benchSecret, "2026-01-01T00:00:00Z")] }),
  },
  certificateGone: {
    meanwhile: async (subject) => {
      await useCertificate(subject);
      changeApp(subject, { certificates: [] });
    },
  },
  certificateExpired: {
    meanwhile: async (subject) => {
      await useCertificate(subject);
      const twoYearsAgo = new Date(Date.now() - 2 * 365 * 86_400_000);
      const ended = await makeCertificate("ended", twoYearsAgo);
      changeApp(subject, { certificates: [ended.certificate] });
      await reseal(subject, ended);
    },
  },
  otherKey: {
    meanwhile: async (subject) => {
      await useCertificate(subject);
      const { privateKey } = await makeCertificate("other", new Date());
      await reseal(subject, { certificate: testCertificate, privateKey });
    },
  },
  appUnknown: { meanwhile: ({ tenant, clientId }) => tenant.servicePrincipals.delete(clientId) },
  consentWithdrawn: { meanwhile: ({ tenant, clientId }) => tenant.revokeConsent(clientId) },
  appDisabled: { meanwhile: ({ tenant, clientId }) => setEnabled(tenant, clientId, false) },
  tenantGone: { meanwhile: ({ tenant }) => bench.simulator.store.tenants.delete(tenant.spec.id) },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;
let revokedMidway: Story;
let disabledMidway: Story;

beforeAll(async () => {
  bench = await createFaultBench("credentials");
  [stories, revokedMidway, disabledMidway] = await Promise.all([
    bench.play(plots),
    interrupted(({ tenant, clientId }) => tenant.revokeConsent(clientId)),
    interrupted(({ tenant, clientId }) => setEnabled(tenant, clientId, false)),
  ]);
}, 300_000);
afterAll(() => bench?.close());

const secretOf = (value: string, expiresAt: string | null = null) => ({
  id: "id",
  value,
  expiresAt,
});

function changeApp({ clientId }: Subject, change: Partial<AppRegistration>): void {
  const { apps } = bench.simulator.store;
  const app = apps.get(clientId);
  if (!app) throw new Error("the registration is there");
  apps.set(clientId, { ...app, ...change });
}

function setEnabled(tenant: Subject["tenant"], clientId: string, enabled: boolean): void {
  const principal = tenant.servicePrincipals.get(clientId);
  if (!principal) throw new Error("the app is in the tenant");
  principal.enabled = enabled;
}

/** Replaces the credential as the page does and waits until Microsoft has taken it. */
async function replace(
  { ctx, connectionId }: Subject,
  credential: Parameters<typeof replaceCredential>[1]["credential"],
): Promise<void> {
  const { verificationId } = await replaceCredential(ctx, { connectionId, credential });
  await waitFor(
    "the new credential verified",
    async () => {
      const [row] = await bench.installation.db.ownerSql`
      select state, failure from verifications where id = ${verificationId}`;
      expect(row?.failure ?? null).toBeNull();
      return row?.state === "succeeded";
    },
    100_000,
  );
}

async function useCertificate(subject: Subject): Promise<void> {
  changeApp(subject, { certificates: [testCertificate] });
  await replace(subject, {
    kind: "certificate",
    certificate: testCertificate,
    privateKey: testPrivateKey,
  });
}

/** Puts another pair in the place of the certificate in use, as no form accepts it. */
async function reseal({ connectionId }: Subject, pair: KeyedCertificate): Promise<void> {
  const { sealer, db } = bench.installation;
  const [row] = await db.ownerSql`
    select id, version from credentials where connection_id = ${connectionId} and state = 'active'`;
  const version = row?.version + 1;
  const binding = credentialBinding({
    connectionId,
    credentialId: row?.id,
    kind: "certificate",
    version,
  });
  const { expiresAt } = certificateFacts(pair.certificate);
  await db.ownerSql`
    update credentials set version = ${version}, certificate = ${pair.certificate},
      sealed = ${await sealer.seal(JSON.stringify(pair), binding)},
      expires_at = ${expiresAt.toISOString()}
    where id = ${row?.id}`;
}

/** Something happens to the app while the second page of users is on its way. */
async function interrupted(event: (subject: Subject) => void): Promise<Story> {
  const subject = await bench.connect({ size: 1050 });
  await subject.import(["directory"]);
  const before = await subject.licenses();
  const { tenant } = subject;
  tenant.setFaults([{ kind: "hang", stream: "users", page: 2, times: 1 }]);
  tenant.log.clear();
  const begunAt = Date.now();
  const ending = subject.import(["directory"]);
  await waitFor(
    "the second page in flight",
    async () => tenant.faults.counts().some(({ applied }) => applied > 0),
    100_000,
  );
  event(subject);
  tenant.revokedUpTo.serial = Number.MAX_SAFE_INTEGER;
  tenant.setFaults([]);
  const shown = await ending;
  const seconds = (Date.now() - begunAt) / 1000;
  return { subject, before, import: shown, after: await subject.licenses(), seconds };
}

const connectionOf = ({ subject: { ctx, connectionId } }: Story) =>
  getConnection(ctx, { connectionId });

/** The directory ended for its credential, the connection says so, and nothing is tried again. */
async function expectActionNeeded(story: Story, code: string, what: RegExp): Promise<void> {
  const error = { code, what: expect.stringMatching(what) };
  expect(story.import.state).toBe("failed");
  expect(datasetOf(story.import, "directory")).toMatchObject({ state: "failed", error });
  expectIntact(story);
  expect(await connectionOf(story)).toMatchObject({ status: "action-needed", problem: error });
  expect(requestsOf(story.subject, "token")).toBeLessThanOrEqual(3);
}

describe("B13 401", () => {
  it("once: one new token, silently", async () => {
    expect(stories.oneRefusal.import.state).toBe("succeeded");
    expect(requestsOf(stories.oneRefusal.subject, "token")).toBe(2);
    expect(streamOf(stories.oneRefusal.import, "users")).toMatchObject({ rows: 1050, retries: 0 });
  });

  it("again with a new token: `credential`", async () => {
    expectFailed(stories.refusals, {
      stream: "users",
      told: { class: "credential", code: "token-refused", what: /refused our credential/ },
    });
    await expectActionNeeded(stories.refusals, "token-refused", /refused our credential/);
    expect(requestsOf(stories.refusals.subject, "users")).toBe(2);
  });
});

describe("B14 in the middle of an import", () => {
  it("consent withdrawn: `credential`, the old numbers stay with their date, no retry loop", async () => {
    await expectActionNeeded(revokedMidway, "app-not-in-tenant", /does not find this app in/);
    expect(datasetOf(revokedMidway.import, "directory").error?.hidden).toMatch(/stay those of \d/);
    expect(requestsOf(revokedMidway.subject, "users")).toBeLessThanOrEqual(3);
  });

  it("the enterprise application switched off: the same, in its own words", async () => {
    await expectActionNeeded(disabledMidway, "app-disabled", /switched off in/);
  });
});

describe("B15 a secret that was rotated", () => {
  it("needs action; with the new secret saved the next import is whole again", async () => {
    const { rotated } = stories;
    await expectActionNeeded(rotated, "secret-wrong", /not one of this app registration/);
    await replace(rotated.subject, { kind: "secret", secret: replaced });
    const next = await rotated.subject.import(["directory"]);
    expect(next.state).toBe("succeeded");
    expect(await connectionOf(rotated)).toMatchObject({ status: "ready", problem: null });
    expect(figuresOf(await rotated.subject.licenses())).toEqual(figuresOf(rotated.before));
  });
});

describe("B16 each cause has its own words", () => {
  const causes = [
    ["rotated", "secret-wrong", /not one of this app registration/],
    ["secretExpired", "secret-expired", /refused the secret: it has expired/],
    [
      "certificateGone",
      "certificate-rejected",
      /the certificate, which is valid until \d+ \w+ \d{4}: it is not among those registered/,
    ],
    ["certificateExpired", "certificate-expired", /the certificate: it expired on \d+ \w+ \d{4}\./],
    ["otherKey", "certificate-rejected", /the private key does not belong to the certificate/],
    ["appUnknown", "app-not-in-tenant", /does not find this app in/],
    ["appDisabled", "app-disabled", /switched off in/],
    ["tenantGone", "tenant-not-found", /does not know/],
  ] as const;

  it.each(causes)("%s: %s", (key, code, what) => {
    const error = { code, what: expect.stringMatching(what) };
    expect(datasetOf(stories[key].import, "directory")).toMatchObject({ state: "failed", error });
    expectIntact(stories[key]);
  });

  it("and none repeats Microsoft's description or trace", async () => {
    const told = causes.map(([key]) => datasetOf(stories[key].import, "directory").error);
    expect(new Set(told.map((error) => error?.what)).size).toBe(causes.length);
    expect(new Set(told.map((error) => error?.action)).size).toBe(causes.length);
    const { ownerSql } = bench.installation.db;
    const stored = await ownerSql`select failure from dataset_runs where failure is not null`;
    const audit = await ownerSql`select action, details from audit_events`;
    const jobs = await ownerSql`select data, output from pgboss.job`;
    const everywhere = JSON.stringify([told, stored, audit, jobs]) + bench.output();
    expect(everywhere).not.toMatch(/AADSTS|Trace ID|Correlation ID|canary8Q|eyJ0|PRIVATE KEY/);
  });
});
