import { AadFailure, aad } from "../identity/aad-error.ts";
import type { Store } from "../store/store.ts";
import type { Tenant } from "../store/tenant.ts";

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const DOMAIN = /^[a-z0-9-]+(\.[a-z0-9-]+)+$/i;

/** The tenant a path segment names. Throws AadFailure 90002 (unknown), 900023 (malformed) or 900382 (another cloud's). */
export function resolveTenant(store: Store, segment: string): Tenant {
  const tenant = store.findTenant(segment);
  if (tenant) return tenant;
  if (store.findElsewhere(segment)) throw new AadFailure(aad.crossCloud());
  throw new AadFailure(
    GUID.test(segment) || DOMAIN.test(segment)
      ? aad.tenantNotFound(segment)
      : aad.tenantMalformed(segment),
  );
}

/** A tenant, or undefined for `common` and `organizations`. Throws as `resolveTenant`. */
export function resolveAuthority(store: Store, segment: string): Tenant | undefined {
  return segment === "common" || segment === "organizations"
    ? undefined
    : resolveTenant(store, segment);
}
