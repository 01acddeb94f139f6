import type { ConnectionStatus, Method, Source } from "./connection.ts";

/** The steps of connecting a tenant, in order. Source: DESIGN §7. */
export const connectSteps = [
  "method",
  "tenant",
  "consent",
  "proof",
  "credential",
  "verify",
  "first-import",
  "done",
] as const;
export type ConnectStep = (typeof connectSteps)[number];

/** What is stored about a connection that is being made. No connection yet = `null` facts. */
export interface ConnectFacts {
  readonly source: Source;
  /** Null until chosen; only the Microsoft 365 source has one. */
  readonly method: Method | null;
  readonly status: ConnectionStatus;
  readonly name: string | null;
  /** Entered (registered app) or proven (multi-tenant app). */
  readonly tenantId: string | null;
  /** The administrator came back from Microsoft with consent. */
  readonly consentedAt: string | null;
  /** The tenant is proven to belong to that administrator. */
  readonly provenAt: string | null;
  /** A saved credential: `candidate` until verified. The multi-tenant app needs none of the customer's. */
  readonly credential: "none" | "candidate" | "active";
  /** The latest check of the connection (a proof is none). */
  readonly verification: "none" | "queued" | "running" | "waiting" | "succeeded" | "failed";
  /** `published` once a directory was; `open` while an import of it is under way or ended without one. */
  readonly firstImport: "none" | "open" | "published";
}

/** Whether the customer chooses how the source is authorised. */
const hasMethods = (source: Source): boolean => source === "microsoft-365";

const usesConsent = (facts: ConnectFacts): boolean =>
  hasMethods(facts.source) && facts.method === "multi-tenant-app";

/** The step that gives the right to read the tenant; null when it is taken. */
const authorisingStep = (facts: ConnectFacts): "consent" | "proof" | "credential" | null => {
  if (usesConsent(facts)) {
    if (facts.provenAt !== null) return null;
    return facts.consentedAt === null ? "consent" : "proof";
  }
  return facts.credential === "none" ? "credential" : null;
};

/** The multi-tenant app learns its tenant from the proof; everything else has to be told it. */
const namesTenant = (facts: ConnectFacts): boolean =>
  facts.name !== null && (usesConsent(facts) || facts.tenantId !== null);

/**
 * The step a person is at, from stored facts alone, so that reload, back, another browser and the way over Microsoft's
 * pages all lead here. The first thing that is missing decides; what was published once is done, whatever broke later
 * (that is repaired on the connection's own page). Source: DESIGN §7, fault-catalogue C6, E14.
 */
export const connectStep = (facts: ConnectFacts | null): ConnectStep => {
  if (facts === null || (hasMethods(facts.source) && facts.method === null)) return "method";
  if (facts.firstImport === "published") return "done";
  if (!namesTenant(facts)) return "tenant";
  const authorising = authorisingStep(facts);
  if (authorising !== null) return authorising;
  const verified = facts.verification === "succeeded" || facts.status === "ready";
  if (verified || facts.firstImport === "open") return "first-import";
  return "verify";
};
