import { z } from "zod";
import { type Failure, FailureError } from "#lib/domain/failure";
import type { ApplicationNote } from "#lib/domain/field-notes";
import type { Read } from "#lib/domain/import";
import {
  type ImportSource,
  type OrganizationRow,
  type QuarantinedRow,
  ReadError,
  type ReadOptions,
  type RowOf,
  type SkuRow,
  type SourcePage,
  type UserRow,
} from "#lib/import/ports";
import { toUserRow } from "./app-users.ts";
import type { AppUserPage, SaasManagementClient } from "./client.ts";
import { accountKeys, toSkuRows } from "./licenses.ts";
import { type FoundApp, findApp } from "./managed-app.ts";
import type { ListPlace } from "./paging.ts";
import type { SkuMappings, SkuNames } from "./sku-ids.ts";

export interface SaasSourceOptions {
  readonly client: SaasManagementClient;
  /** The tenant the application stands for, and what it is called where that is known. */
  readonly tenantId: string;
  readonly tenantName: string | null;
  readonly appId: string;
  readonly names: SkuNames;
  readonly mappings: SkuMappings;
}

/** Where the accounts go on: of which application, and where in its list (null = at its beginning). */
const userCursor = z.strictObject({
  appId: z.string().min(1),
  place: z.strictObject({ href: z.string().min(1), rows: z.int().min(0) }).nullable(),
});
type UserCursor = z.output<typeof userCursor>;

const absence: Failure = { class: "tenant", code: "not-in-saas-management" };
const notReported = () =>
  new ReadError({ kind: "unavailable", reason: "not-reported", failure: absence });

/** Codes of a place in a list that the service does not know any more: it is read from its beginning. */
const lostPlace: readonly string[] = ["saas-not-found", "bad-request"];

/**
 * One managed application, with those below it, as a source of imports. Its licenses stand in the list of SKUs, its
 * accounts are the users; nothing else is told, and never an empty list. Source: DESIGN §4, §5 "Other sources".
 */
export function createSaasSource(options: SaasSourceOptions): ImportSource {
  const { client, names, mappings } = options;

  async function* organization(
    read: ReadOptions,
  ): AsyncGenerator<SourcePage<OrganizationRow>, void> {
    const found = await findApp(client, options.appId, "extended", read);
    const { own } = found;
    const displayName = options.tenantName ?? own.name ?? own.appName ?? options.tenantId;
    const row = { tenantId: options.tenantId, displayName, defaultDomain: null, countryCode: null };
    // What was noted of it is told with its licenses.
    yield { ...lastPage([row]), quarantined: found.contradictions };
  }

  /** Read after the accounts, so that what they hold can tell what licenses stand for. */
  async function* licenses(read: ReadOptions): AsyncGenerator<SourcePage<SkuRow>, void> {
    const found = await findApp(client, options.appId, "licenseUsage", read);
    const rows = toSkuRows(found, names, mappings, await read.held?.());
    yield {
      ...lastPage(rows),
      quarantined: [...found.contradictions, ...unreadableLicenses(found)],
      unexpected: rows.length === 0 ? [...found.notes, noLicenses] : found.notes,
      skuNames: licenseNames(rows),
    };
  }

  async function* users(
    cursor: string | null,
    read: ReadOptions,
  ): AsyncGenerator<SourcePage<UserRow>, void> {
    const found = await findApp(client, options.appId, "licenseUsage", read);
    const apps = [found.own, ...found.below.filter((app) => app.licenses.length > 0)];
    const from = cursor === null ? null : userCursor.parse(JSON.parse(cursor));
    const keyOf = accountKeys(found, names, mappings);
    const start = from === null ? 0 : apps.findIndex(({ id }) => id === from.appId);
    if (start === -1) throw new ReadError({ kind: "restart" });
    for (const [at, { id }] of apps.entries()) {
      if (at < start) continue;
      const place = at === start ? (from?.place ?? null) : null;
      const following = apps[at + 1]?.id ?? null;
      for await (const page of restartingAt(place, client.appUsers(id, read, place))) {
        yield {
          ...accountPage(page, { ...options, keyOf }),
          appId: id,
          ...(at === 0 ? {} : { adds: true as const }),
          ...nextOf(page.next === null ? following : id, page.next),
        };
      }
    }
  }

  const open = (
    read: Read,
    cursor: string | null,
    how: ReadOptions,
  ): AsyncIterable<SourcePage<unknown>> => {
    switch (read) {
      case "organization":
        return organization(how);
      case "subscribed-skus-first":
      case "subscribed-skus-second":
        return licenses(how);
      case "users":
        return users(cursor, how);
      default:
        throw notReported();
    }
  };

  return {
    pages: <R extends Read>(read: R, cursor: string | null, how: ReadOptions) =>
      withReadErrors(how.signal, () => asRowsOf<R>(open(read, cursor, how))),
  };
}

/** Safe: each read is answered by the reader of its own row type. */
const asRowsOf = <R extends Read>(pages: AsyncIterable<SourcePage<unknown>>) =>
  pages as AsyncIterable<SourcePage<RowOf<R>>>;

const lastPage = <Row>(rows: readonly Row[]) => ({ rows, next: null, last: true as const });

/** Where the read goes on after a page; null = nowhere. */
const nextOf = (appId: string | null, place: ListPlace | null) => {
  const next: UserCursor | null = appId === null ? null : { appId, place };
  return { next: next === null ? null : JSON.stringify(next), last: next === null };
};

const noLicenses: ApplicationNote = "no-licenses";

const unreadableLicenses = ({ own, below }: FoundApp): readonly QuarantinedRow[] =>
  [own, ...below].flatMap(({ unreadableLicenses: unreadable, contradictoryLicenses }) => [
    ...Array.from({ length: unreadable }, () => ({ field: "licenses", problem: "unreadable" })),
    ...Array.from({ length: contradictoryLicenses }, () => ({
      field: "licenses",
      problem: "listed twice",
    })),
  ]);

/** What the application calls licenses that stand for no known SKU. */
const licenseNames = (rows: readonly SkuRow[]): ReadonlyMap<string, string> =>
  new Map(
    rows.flatMap(({ skuId, license }) =>
      license === undefined || license.skuId !== null
        ? []
        : [[skuId, license.name ?? license.externalId] as const],
    ),
  );

function accountPage(
  { rows, quarantined, notes }: AppUserPage,
  {
    tenantId,
    names,
    keyOf,
  }: Pick<SaasSourceOptions, "tenantId" | "names"> & { readonly keyOf: (name: string) => string },
) {
  const unknown = rows.flatMap(({ skus }) => skus).filter((sku) => names.find(sku).kind !== "sku");
  return {
    rows: rows.map((row) => toUserRow(row, tenantId, keyOf)),
    quarantined: Array.from(
      { length: quarantined },
      (): QuarantinedRow => ({ field: notes[0] ?? "row", problem: "unreadable" }),
    ),
    unexpected: notes,
    skuNames: new Map(unknown.map((sku) => [names.keyOf(sku), sku])),
  };
}

/** A list that does not know the place it gave is read from its beginning. */
async function* restartingAt<Page>(
  place: ListPlace | null,
  pages: AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  let begun = false;
  try {
    for await (const page of pages) {
      begun = true;
      yield page;
    }
  } catch (error) {
    const lost =
      !begun &&
      place !== null &&
      error instanceof FailureError &&
      lostPlace.includes(error.failure.code);
    throw lost ? new ReadError({ kind: "restart" }, { cause: error }) : error;
  }
}

/** Turns failures into the end of the read; a cancelled read ends with the signal's own reason. */
async function* withReadErrors<Page>(
  signal: AbortSignal,
  open: () => AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  try {
    yield* open();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof FailureError ? toReadError(error) : error;
  }
}

function toReadError(error: FailureError): ReadError {
  const { failure } = error;
  return failure.class === "permission"
    ? new ReadError({ kind: "unavailable", reason: "permission", failure }, { cause: error })
    : new ReadError({ kind: "failed", failure }, { cause: error });
}
