import type { ConnectionItem } from "#lib/domain/connection-item";
import type { ImportItem } from "#lib/domain/import-item";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import type { Page, ToldFailure } from "#lib/domain/read-models";
import type { VerificationItem } from "#lib/domain/verification-item";
import type { ConnectionDetail } from "#lib/services/get-connection";

/** A failure over the wire: a stable code, the text, and what to do. DESIGN §6. */
export interface WireFailure {
  readonly class: string;
  readonly code: string;
  readonly message: string;
  readonly hidden: string;
  readonly action: string;
  readonly permission?: string;
  /** AADSTS number, where Microsoft's login refused with one. */
  readonly errorNumber?: number;
  readonly requestId?: string;
  readonly correlationId?: string;
}

/** A failure without its inner facts. */
const toWireFailure = (failure: ToldFailure | null): WireFailure | null =>
  failure === null
    ? null
    : {
        class: failure.class,
        code: failure.code,
        message: failure.what,
        hidden: failure.hidden,
        action: failure.action,
        ...(failure.permission === undefined ? {} : { permission: failure.permission }),
        ...(failure.errorNumber === undefined ? {} : { errorNumber: failure.errorNumber }),
        ...(failure.requestId === undefined ? {} : { requestId: failure.requestId }),
        ...(failure.correlationId === undefined ? {} : { correlationId: failure.correlationId }),
      };

/** Turns each item of a page. */
export const pageOf =
  <Item, Wire>(present: (item: Item) => Wire) =>
  (page: Page<Item>) => ({ items: page.items.map(present), nextCursor: page.nextCursor });

export const toWireImport = (item: ImportItem) => ({
  ...item,
  streams: item.streams.map((stream) => ({ ...stream, error: toWireFailure(stream.error) })),
  datasets: item.datasets.map((dataset) => ({ ...dataset, error: toWireFailure(dataset.error) })),
});

export const toWireConnection = (item: ConnectionItem) => ({
  ...item,
  problem: toWireFailure(item.problem),
});

/** The wizard's facts stay in the console. */
export const toWireConnectionDetail = ({ connectFacts: _, ...item }: ConnectionDetail) => ({
  ...item,
  problem: toWireFailure(item.problem),
});

export const toWireVerification = (item: VerificationItem) => ({
  ...item,
  error: toWireFailure(item.error),
  endpoints: item.endpoints.map((endpoint) => ({
    ...endpoint,
    error: toWireFailure(endpoint.error),
  })),
});

export const toWireOrganisation = (item: OrganisationItem) => ({
  ...item,
  problem: toWireFailure(item.problem),
  check: item.check === null ? null : { ...item.check, error: toWireFailure(item.check.error) },
});
