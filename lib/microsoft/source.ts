import type { Cloud } from "#lib/domain/connection";
import { FailureError } from "#lib/domain/failure";
import { type Read, reportOf, type UsageReport } from "#lib/domain/import";
import { never, upstream } from "#lib/http/failures";
import {
  type ImportSource,
  ReadError,
  type ReadOptions,
  type RowOf,
  type SourcePage,
} from "#lib/import/ports";
import { isOffered } from "./clouds.ts";
import { type Endpoint, endpoints } from "./endpoints.ts";
import type { GraphClient } from "./graph-client.ts";
import { notLicensed } from "./graph-errors.ts";
import {
  toDeletedUser,
  toGroup,
  toOrganization,
  toReportSettings,
  toSignIn,
  toSku,
  toSubscription,
} from "./map.ts";
import { toUser } from "./map-user.ts";
import { type PageSize, readPages } from "./paging.ts";
import { readReport } from "./reports.ts";
import { type MappedRows, mapRows, userOf } from "./rows.ts";
import {
  companySubscriptionWire,
  groupWire,
  organizationWire,
  reportSettingsWire,
  signInUserWire,
  subscribedSkuWire,
} from "./wire/resources.ts";
import { deletedUserWire, userEssentials, userWire } from "./wire/user.ts";

export interface GraphSourceOptions {
  readonly client: GraphClient;
}

type CollectionRead = Exclude<Read, "report-settings" | `report:${UsageReport}`>;

interface CollectionPlan<Row> {
  readonly endpoint: Endpoint;
  readonly map: (values: readonly unknown[]) => MappedRows<Row>;
}

type CollectionPlans = { readonly [R in CollectionRead]: CollectionPlan<RowOf<R>> };

const subscribedSkus = {
  endpoint: endpoints.subscribedSkus,
  map: (values: readonly unknown[]) => mapRows(values, subscribedSkuWire, toSku),
};

const collections: CollectionPlans = {
  organization: {
    endpoint: endpoints.organization,
    map: (values) => mapRows(values, organizationWire, toOrganization),
  },
  "subscribed-skus-first": subscribedSkus,
  "subscribed-skus-second": subscribedSkus,
  "company-subscriptions": {
    endpoint: endpoints.subscriptions,
    map: (values) => mapRows(values, companySubscriptionWire, toSubscription),
  },
  users: {
    endpoint: endpoints.users,
    map: (values) => mapRows(values, userWire, toUser, userEssentials, userOf),
  },
  groups: {
    endpoint: endpoints.groups,
    map: (values) => mapRows(values, groupWire, toGroup, ["id"]),
  },
  "deleted-users": {
    endpoint: endpoints.deletedUsers,
    map: (values) => mapRows(values, deletedUserWire, toDeletedUser, ["id"]),
  },
  "sign-ins": {
    endpoint: endpoints.signIns,
    map: (values) => mapRows(values, signInUserWire, toSignIn),
  },
};

/**
 * Microsoft Graph as a source of imports. Reads nothing ahead; every read may run beside others: the client keeps to
 * what the tenant's services allow. Source: DESIGN §4.
 */
export function createGraphSource({ client }: GraphSourceOptions): ImportSource {
  const pageSizes = new Map<Read, PageSize>();

  const pageSizeOf = (read: CollectionRead): PageSize | null => {
    const { pageSize } = collections[read].endpoint;
    if (pageSize === null) return null;
    const size = pageSizes.get(read) ?? { current: pageSize };
    pageSizes.set(read, size);
    return size;
  };

  async function* readCollection<R extends CollectionRead>(
    read: R,
    cursor: string | null,
    options: ReadOptions,
  ): AsyncGenerator<SourcePage<RowOf<R>>, void> {
    const { endpoint, map }: CollectionPlan<RowOf<R>> = collections[read];
    const collection = { ...endpoint, pageSize: pageSizeOf(read) };
    for await (const { values, next } of readPages(client, collection, cursor, options)) {
      if (read === "organization" && values.length !== 1) throw unreadable({ rows: values.length });
      yield pageOf(() => map(values), next);
    }
  }

  async function* readSettings(
    options: ReadOptions,
  ): AsyncGenerator<SourcePage<RowOf<"report-settings">>, void> {
    const { path, service, operation, permission } = endpoints.reportSettings;
    const body = await client.getJson({ url: path, service, operation, permission, ...options });
    const settings = mapRows([body], reportSettingsWire, toReportSettings);
    if (settings.rows.length === 0) throw unreadable({ missing: "displayConcealedNames" });
    yield { ...settings, next: null, last: true };
  }

  const readAny = (
    read: Read,
    cursor: string | null,
    options: ReadOptions,
  ): AsyncIterable<SourcePage<unknown>> => {
    const report = reportOf(read);
    if (report !== null) return readReport(client, report, options);
    return read === "report-settings"
      ? readSettings(options)
      : readCollection(asCollectionRead(read), cursor, options);
  };

  return {
    pages: <R extends Read>(read: R, cursor: string | null, options: ReadOptions) =>
      withReadErrors(client.cloud, read, options.signal, () =>
        asRowsOf<R>(readAny(read, cursor, options)),
      ),
  };
}

/** A page whose rows are mapped when they are taken up: by then the next request is on its way. */
function pageOf<Row>(map: () => MappedRows<Row>, next: string | null): SourcePage<Row> {
  let mapped: MappedRows<Row> | undefined;
  const taken = (): MappedRows<Row> => {
    mapped ??= map();
    return mapped;
  };
  return {
    next,
    last: next === null,
    get rows() {
      return taken().rows;
    },
    get quarantined() {
      return taken().quarantined;
    },
    get unexpected() {
      return taken().unexpected;
    },
  };
}

const unreadable = (facts: Readonly<Record<string, string | number>>) =>
  upstream("unreadable-response", never, { facts });

/** Safe: reports and report settings are handled before. */
const asCollectionRead = (read: Read) => read as CollectionRead;

/** Safe: each read is answered by the reader of its own row type. */
const asRowsOf = <R extends Read>(pages: AsyncIterable<SourcePage<unknown>>) =>
  pages as AsyncIterable<SourcePage<RowOf<R>>>;

/** Turns failures into the end of the read; a cancelled read ends with the signal's own reason. */
async function* withReadErrors<Page>(
  cloud: Cloud,
  read: Read,
  signal: AbortSignal,
  open: () => AsyncIterable<Page>,
): AsyncGenerator<Page, void> {
  if (!isOffered(cloud, read)) {
    const failure = { class: "tenant", code: "not-offered-in-cloud", facts: { cloud } } as const;
    throw new ReadError({ kind: "unavailable", reason: "not-offered-in-cloud", failure });
  }
  try {
    yield* open();
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw error instanceof FailureError ? toReadError(error) : error;
  }
}

function toReadError(error: FailureError): ReadError {
  const { failure } = error;
  const options = { cause: error };
  if (failure.class === "permission") {
    return new ReadError({ kind: "unavailable", reason: "permission", failure }, options);
  }
  if (failure.code === notLicensed) {
    return new ReadError({ kind: "unavailable", reason: "not-licensed", failure }, options);
  }
  return new ReadError({ kind: "failed", failure }, options);
}
