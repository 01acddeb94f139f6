import { randomUUID } from "node:crypto";
import { z } from "zod";

/** Faults of an organisation: each applies until it is replaced, `times` at most where given. */
export const saasFaultSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status"),
    status: z.int().min(300).max(599),
    retryAfter: z.string().optional(),
    times: z.int().min(1).default(1),
  }),
  /** Lists end before the rows they count. */
  z.strictObject({ kind: z.literal("short-list") }),
  /** The next page is this one, or lies elsewhere. */
  z.strictObject({ kind: z.literal("next-page"), to: z.union([z.literal("same"), z.url()]) }),
  /** The application below one is said to be at this address. */
  z.strictObject({ kind: z.literal("child-href"), href: z.string() }),
  /** Terms without units, ending before they begin, or no terms at all. */
  z.strictObject({
    kind: z.literal("terms"),
    shape: z.enum(["without-units", "backwards", "missing"]),
  }),
  /** Applications come twice; the second time by another name, where asked for. */
  z.strictObject({ kind: z.literal("twice"), differing: z.boolean().default(false) }),
  /**
   * Licenses by ids that say nothing of a SKU, or name another one than they are, each SKU by two licenses, or entries
   * without an id among them, each listed twice (not alike, where asked for), or none at all. Ids: of the part numbers in
   * `only`, where given.
   */
  z.strictObject({
    kind: z.literal("licenses"),
    shape: z.enum(["own-ids", "wrong-ids", "doubled", "without-id", "twice", "none"]),
    differing: z.boolean().optional(),
    only: z.array(z.string()).optional(),
  }),
  /**
   * Accounts without SKUs, by SKU names of the application's own, by license ids, or each with one SKU more; without object
   * ids, by UPN or by e-mail alone.
   */
  z.strictObject({
    kind: z.literal("users"),
    shape: z.enum(["without-skus", "own-skus", "license-ids", "one-more-sku", "by-upn", "by-mail"]),
  }),
]);
export type SaasFault = z.output<typeof saasFaultSchema>;

/** An organisation as the control API describes it. */
export const organisationSchema = z.strictObject({
  id: z.string().regex(/^\d{1,20}$/),
  /** Simulated tenants whose Microsoft 365 it manages, one application each. */
  tenantIds: z.array(z.guid()).min(1),
  refreshToken: z.string().min(1).optional(),
  client: z.strictObject({ id: z.string().min(1), secret: z.string().min(1) }).optional(),
  /** Rows on a page of accounts; the service pages as it likes. */
  pageSize: z.int().min(1).default(500),
  /** Part numbers whose licenses and accounts are those of the application below. */
  below: z.array(z.string()).default([]),
  /** The applications below are in the list too, each by itself. */
  listsBelow: z.boolean().default(false),
  /** Tenants it has applications for and no longer lists. */
  goneTenantIds: z.array(z.guid()).default([]),
  /** Of every so many accounts the last is left out; 0 = none is. */
  leaveOutEvery: z.int().min(0).default(0),
  tokenLifetimeSeconds: z.int().min(1).default(3600),
  faults: z.array(saasFaultSchema).default([]),
});
export type OrganisationRequest = z.input<typeof organisationSchema>;

/** An organisation at work: what it was asked to be, its tokens and what is left of its faults. */
export type Organisation = Omit<z.output<typeof organisationSchema>, "faults"> & {
  faults: SaasFault[];
  /** Access tokens and when each ends, ms. */
  tokens: Map<string, number>;
  /** Requests with its token since it was made or last replaced. */
  requests: { total: number; appUsers: number };
};

/** The organisations of a simulator. */
export function createOrganisations(now: () => number = Date.now) {
  const byId = new Map<string, Organisation>();
  const holder = (token: string): Organisation | undefined =>
    [...byId.values()].find(({ tokens }) => (tokens.get(token) ?? 0) > now());
  return {
    put(request: unknown): Organisation {
      const organisation = {
        ...organisationSchema.parse(request),
        tokens: new Map(),
        requests: { total: 0, appUsers: 0 },
      };
      byId.set(organisation.id, organisation);
      return organisation;
    },
    find: (id: string): Organisation | undefined => byId.get(id),
    /** Whose credential this is; undefined for an expired, revoked or unknown one. */
    ofCredential(form: URLSearchParams): Organisation | undefined {
      const all = [...byId.values()];
      if (form.get("grant_type") === "refresh_token") {
        const given = form.get("refresh_token");
        return all.find(({ refreshToken }) => given !== null && refreshToken === given);
      }
      if (form.get("grant_type") !== "client_credentials") return undefined;
      const [id, secret] = [form.get("client_id"), form.get("client_secret")];
      return all.find(({ client }) => client?.id === id && client?.secret === secret);
    },
    issue(organisation: Organisation): string {
      const token = randomUUID();
      organisation.tokens.set(token, now() + organisation.tokenLifetimeSeconds * 1000);
      return token;
    },
    holder,
  };
}
export type Organisations = ReturnType<typeof createOrganisations>;

/** The fault of a kind that is set. */
export const faultOf = <K extends SaasFault["kind"]>(
  organisation: Organisation,
  kind: K,
): Extract<SaasFault, { kind: K }> | undefined =>
  organisation.faults.find((one): one is Extract<SaasFault, { kind: K }> => one.kind === kind);

/** The refusal this request gets; each happens as often as it was asked for, one after the other. */
export function takeRefusal(organisation: Organisation) {
  const fault = faultOf(organisation, "status");
  if (fault === undefined) return undefined;
  fault.times -= 1;
  if (fault.times === 0) organisation.faults = organisation.faults.filter((one) => one !== fault);
  return fault;
}
