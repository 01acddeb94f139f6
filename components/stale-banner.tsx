"use client";
import { Callout } from "./ui/callout.tsx";
import { useNow } from "./ui/clock.tsx";
import { countOf, formatRelative } from "./ui/format.ts";
import { TextLink } from "./ui/link.tsx";

/** Published directories older than this are told on every page that shows their figures. Source: fault-catalogue E2. */
const staleAfter = 24 * 3_600_000;

export interface ReadTenant {
  readonly tenantName: string | null;
  readonly connectionId: string;
  readonly asOf: { readonly directory: string | null };
}

/** Says that figures on this page rest on an old reading, and where that is mended; nothing when all are fresh. */
export function StaleBanner({ tenants }: { readonly tenants: readonly ReadTenant[] }) {
  const now = useNow();
  const stale = new Map(
    tenants.flatMap((tenant) => {
      const at = tenant.asOf.directory;
      return at !== null && now - Date.parse(at) > staleAfter
        ? [[tenant.connectionId, { ...tenant, at }] as const]
        : [];
    }),
  );
  if (stale.size === 0) return null;
  return (
    <Callout
      tone="warn"
      title={`${countOf(stale.size, "tenant was", "tenants were")} last read more than a day ago`}
    >
      {[...stale.values()].map(({ connectionId, tenantName, at }) => (
        <div key={connectionId}>
          <TextLink href={`/connections/${connectionId}`} inherit c="inherit" underline="always">
            <bdi>{tenantName ?? "A tenant"}</bdi>
          </TextLink>
          : {formatRelative(at, now)}. Its figures are as of then, until an import is published.
        </div>
      ))}
    </Callout>
  );
}
