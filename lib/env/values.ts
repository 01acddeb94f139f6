import { z } from "zod";
import { type Cloud, clouds } from "#lib/domain/connection";
import { isSafeScheme, type OriginOverrides } from "#lib/microsoft/clouds";

/** A bare origin: https, or plain http to this machine; no path, query or user info. Source: DESIGN §6. */
export const origin = z.string().transform((value, ctx) => {
  const url = URL.parse(value);
  const isBare =
    url !== null &&
    isSafeScheme(url) &&
    url.pathname === "/" &&
    !(url.search || url.hash || url.username || url.password);
  if (isBare) return url.origin;
  ctx.addIssue("must be an origin such as https://host.example (http only for localhost)");
  return z.NEVER;
});

/** Origins separated by commas. */
export const originList = commaList(origin);

/** A GUID in lower case. */
export const guid = z.guid("must be a GUID").toLowerCase();

/** A UTC day (its start), or an instant with its offset. */
export const dayOrInstant = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })])
  .transform((value) => new Date(value));

/** GUIDs separated by commas. */
export const guidList = commaList(guid);

export const port = z
  .string()
  .regex(/^\d{1,5}$/, "must be a port number")
  .transform(Number)
  .refine((value) => value >= 1 && value <= 65_535, "must be a port number (1 to 65535)");

/** A whole number of megabytes, from 1 to 1 048 576 (a terabyte). */
export const megabytes = z
  .string()
  .regex(/^\d{1,7}$/, "must be a number of megabytes")
  .transform(Number)
  .refine((value) => value >= 1 && value <= 1_048_576, "must be 1 to 1048576 megabytes");

export const postgresUrl = z
  .string()
  .refine(isPostgresUrl, "must be a postgres:// URL with a host and a database name");

/** A server, or the embedded PostgreSQL in DATA_DIR. */
export const databaseLocation = z
  .string()
  .refine(
    (value) => value === "embedded" || isPostgresUrl(value),
    'must be a postgres:// URL, or "embedded"',
  );

function isPostgresUrl(value: string): boolean {
  const url = URL.parse(value);
  return (
    url !== null && /^postgres(ql)?:$/.test(url.protocol) && !!url.hostname && url.pathname !== "/"
  );
}

const cloudOrigins = z.strictObject(
  {
    login: origin.optional(),
    graph: origin.optional(),
    portal: origin.optional(),
    reportDownloads: z.array(origin, "reportDownloads must be a list of origins").optional(),
  },
  "knows login, graph, portal and reportDownloads only",
);

/** JSON such as `{"china":{"login":"https://…","graph":"https://…"}}`. */
export const originsByCloud = json().pipe(
  z.partialRecord(
    z.enum(clouds, `names a cloud other than ${clouds.join(", ")}`),
    cloudOrigins,
    `must be a JSON object by cloud (${clouds.join(", ")})`,
  ),
);

/** Parses JSON; the message never repeats the text. */
export function json() {
  return z.string().transform((value, ctx): unknown => {
    try {
      return JSON.parse(value);
    } catch {
      ctx.addIssue("must be JSON");
      return z.NEVER;
    }
  });
}

function commaList<T>(item: z.ZodType<T, string>) {
  return z
    .string()
    .transform((value) =>
      value
        .split(",")
        .map((part) => part.trim())
        .filter((part) => part !== ""),
    )
    .pipe(z.array(item));
}

/**
 * Drops absent members: an origin that is not set must not be a key with undefined in it.
 * Safe: what is left is members of `OriginOverrides` with their values.
 */
export function compactOrigins(
  cloud: Readonly<Partial<Record<keyof OriginOverrides, string | readonly string[] | undefined>>>,
): OriginOverrides {
  return Object.fromEntries(
    Object.entries(cloud).filter(([, value]) => value !== undefined),
  ) as OriginOverrides;
}

/** The middle of MULTI_TENANT_APP_…_CLIENT_ID of a cloud; empty for Global. */
export const cloudInfix = (cloud: Cloud): string =>
  cloud === "global" ? "" : `${cloud.toUpperCase().replaceAll("-", "_")}_`;
