import { z } from "zod";
import type { Stream } from "../types.ts";

/**
 * Faults a test or a demo can switch on per tenant while the simulator runs. All are deterministic: they depend on the
 * request (stream, endpoint, page), on counters and on seeds, never on chance.
 */

/** Streams a fault or a latency can name. */
export const streams = [
  "organization",
  "subscriptions",
  "users",
  "groups",
  "deleted-users",
  "sign-ins",
  "usage",
  "token",
  "discovery",
] as const satisfies readonly Stream[];

/** Which requests a fault applies to; an absent field means "any". */
const selector = {
  stream: z.enum(streams).optional(),
  /** Last part of the path: `subscribedSkus`, `users`, `getOffice365ActiveUserDetail`, `download`, … */
  endpoint: z.string().optional(),
  /** Only this page of a paged list, from 1. */
  page: z.int().min(1).optional(),
  /** Leave the first n matching requests alone. */
  after: z.int().min(0).optional(),
  /** Apply to every n-th matching request only. */
  every: z.int().min(1).optional(),
  /** Apply to this share of the requests, chosen by `seed` from page and attempt: the same ones in whatever order they come. */
  share: z.number().min(0).max(1).optional(),
  seed: z.string().optional(),
  /** Apply at most n times, then stay silent. */
  times: z.int().min(1).optional(),
};

const kind = <K extends string, S extends z.ZodRawShape>(name: K, shape: S) =>
  z.strictObject({ kind: z.literal(name), ...selector, ...shape });

/** Where a `foreign-link` leads; `origin` and `port` keep the path. */
export const linkShapes = [
  "origin",
  "http",
  "port",
  "userinfo",
  "userinfo-host",
  "metadata",
  "path",
  "dot-path",
  "relative",
  "not-a-url",
] as const;

/** What of a row is not as documented. */
export const driftShapes = [
  "text-for-number",
  "number-for-text",
  "null-boolean",
  "huge-name",
  "deep",
  "proto",
  "odata-type",
  "null-row",
] as const;

const once = z.int().min(1).default(1);

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
    /** Who has to wait: every request the fault selects, or retries of the refused page only. */
    scope: z.enum(["matching", "page"]).default("matching"),
  }),
  kind("server-error", {
    status: z.int().min(200).max(599).default(503),
    body: z.enum(["json", "html", "empty"]).default("json"),
    retryAfter: z.string().optional(),
  }),
  kind("reset", { when: z.enum(["before-headers", "mid-body"]).default("before-headers") }),
  kind("hang", {
    when: z.enum(["before-headers", "after-headers", "mid-body"]).default("before-headers"),
  }),
  kind("gzip-bomb", { megabytes: z.int().min(1).default(1024) }),
  kind("huge-body", { megabytes: z.int().min(1).default(2048) }),
  kind("consent-revoked", { how: z.enum(["deleted", "disabled"]).default("deleted"), times: once }),
  kind("secret-rotated", {
    secret: z.string().min(1).default("sim8Q~rotated-secret-of-the-simulator"),
    tokens: z.enum(["revoked", "stay"]).default("revoked"),
    times: once,
  }),
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
  kind("half-gzip", {}),
  kind("empty-page", {}),
  kind("link-loop", {
    shape: z.enum(["same", "alternate", "endless-empty"]).default("same"),
    /** Ends the empty pages of `endless-empty` after so many: the list then goes on. */
    pages: z.int().min(1).optional(),
  }),
  kind("foreign-link", {
    shape: z.enum(linkShapes).default("origin"),
    /** For the shape `origin`. */
    origin: z.string().default("https://graph.example.net"),
  }),
  kind("no-value", {
    /** Only on a page without a next one. */
    last: z.boolean().default(false),
  }),
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
  kind("drift", {
    shape: z.enum(driftShapes),
    /** Rows of each page, from its first. */
    count,
    /** For `huge-name`: characters; for `deep`: levels. */
    size: z.int().min(1).optional(),
  }),
  kind("sign-in-dates", {
    shape: z.enum(["empty-text", "null", "year-one", "no-successful", "failed-only"]),
    count,
  }),
  kind("null-part-number", { sku: z.string().optional() }),
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
  kind("churn", {
    created: z.int().min(0).default(1),
    deleted: z.int().min(0).default(1),
    renamed: z.int().min(0).default(1),
  }),
  kind("mass-drop", {
    keep: z.number().min(0).max(1),
    keepSkus: z.number().min(0).max(1).default(1),
    consumedUnits: z.enum(["stays", "follows"]).default("stays"),
  }),
  // In the usage reports
  kind("concealed", {
    /** What reportSettings says. */
    setting: z.boolean().default(true),
    /** Whether the reports' names are concealed. */
    names: z.boolean().default(true),
  }),
  kind("refresh-date", { daysAgo: z.int() }),
  kind("report-shape", {
    shape: z.enum([
      "empty",
      "header-only",
      "malformed",
      "unterminated-quote",
      "truncated",
      "nul",
      "without-bom",
      "lf",
      "huge",
      "as-is",
      "html",
      "missing-column",
      "renamed-column",
      "extra-column",
      "reordered",
    ]),
    column: z.string().optional(),
    /** Rows of the shape `huge`. */
    lines: z.int().min(1).default(5_000_000),
    /** Content-Type of the download. */
    contentType: z.string().optional(),
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
