import { z } from "zod";

/**
 * Faults a test or a demo can switch on per tenant while the simulator runs. All are deterministic: they depend on the
 * request (stream, endpoint, page) and on counters, never on chance.
 */

const streams = [
  "organization",
  "subscriptions",
  "users",
  "groups",
  "deleted-users",
  "sign-ins",
  "usage",
  "token",
] as const;

/** Which requests a fault applies to; an absent field means "any". */
const selector = {
  stream: z.enum(streams).optional(),
  /** Last part of the path: `subscribedSkus`, `users`, `getOffice365ActiveUserDetail`, `download`, … */
  endpoint: z.string().optional(),
  /** Only this page of a paged list, from 1. */
  page: z.int().min(1).optional(),
  /** Leave the first n matching requests alone. */
  after: z.int().min(0).optional(),
  /** Apply to every n-th matching request only (2 = a storm that hits half of them). */
  every: z.int().min(1).optional(),
  /** Apply at most n times, then stay silent. */
  times: z.int().min(1).optional(),
};

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...selector, ...shape });

const count = z.union([z.int().min(1), z.literal("all")]).default(1);

/** Every fault kind with its parameters; the README describes them. */
export const faultSchema = z.discriminatedUnion("kind", [
  // Instead of an answer
  kind("throttle", {
    /** Seconds until a retry is accepted. */
    seconds: z.number().min(0).default(1),
    /** How the wait is written in Retry-After; `missing` sends no header, any other text is sent as it is. */
    retryAfter: z
      .union([z.enum(["integer", "decimal", "date", "missing"]), z.string()])
      .default("integer"),
    code: z.string().default("TooManyRequests"),
  }),
  kind("server-error", {
    status: z.int().min(200).max(599).default(503),
    body: z.enum(["json", "html", "empty"]).default("json"),
    retryAfter: z.string().optional(),
  }),
  kind("reset", { when: z.enum(["before-headers", "mid-body"]).default("before-headers") }),
  kind("hang", { when: z.enum(["before-headers", "mid-body"]).default("before-headers") }),
  kind("expired-page-token", {}),
  kind("forbidden", {
    code: z.string().default("Authorization_RequestDenied"),
    message: z.string().default("Insufficient privileges to complete the operation."),
  }),
  kind("nonpremium", {}),
  kind("unauthorized", {}),
  // In the answer's body
  kind("slow", { delayMs: z.int().min(0) }),
  kind("truncated", {}),
  kind("empty-page", {}),
  kind("link-loop", { shape: z.enum(["same", "alternate", "endless-empty"]).default("same") }),
  kind("foreign-link", { origin: z.string().default("https://graph.example.net") }),
  kind("no-value", {}),
  // In the rows
  kind("duplicate-rows", { count: z.int().min(1).default(1) }),
  kind("missing-licenses", { count }),
  kind("bad-rows", {
    count,
    field: z
      .enum(["id", "assignedLicenses", "accountEnabled", "createdDateTime", "skuId"])
      .default("accountEnabled"),
  }),
  kind("hostile-names", { count }),
  kind("unknown-enums", { count }),
  kind("null-consumed", { sku: z.string().optional() }),
  kind("moving-consumed", { by: z.int(), sku: z.string().optional() }),
  kind("consumed-factor", { factor: z.number().min(0), sku: z.string().optional() }),
  kind("prepaid-units", {
    shape: z.enum(["one-null", "all-null", "missing"]),
    sku: z.string().optional(),
  }),
  kind("hidden-sku", { sku: z.string() }),
  // In the tenant itself: truth follows
  kind("unknown-sku", { count: z.int().min(1).default(1) }),
  kind("listed-and-deleted", { count: z.int().min(1).default(1) }),
  kind("vanishing-user", { count: z.int().min(1).default(1) }),
  kind("mass-drop", {
    keep: z.number().min(0).max(1),
    keepSkus: z.number().min(0).max(1).default(1),
    consumedUnits: z.enum(["stays", "follows"]).default("stays"),
  }),
  // In the usage reports
  kind("concealed", {}),
  kind("refresh-date", { daysAgo: z.int() }),
  kind("report-shape", {
    shape: z.enum([
      "empty",
      "header-only",
      "malformed",
      "html",
      "missing-column",
      "renamed-column",
      "reordered",
    ]),
    column: z.string().optional(),
  }),
  kind("report-host", { origin: z.string().default("https://reports.example.net") }),
  kind("report-expired", {}),
]);

/** A fault as the control API and in-process callers give it. */
export type FaultInput = z.input<typeof faultSchema>;

/** A fault with its defaults filled in. */
export type Fault = z.output<typeof faultSchema>;

/** One kind of fault. */
export type FaultOf<K extends Fault["kind"]> = Extract<Fault, { kind: K }>;
