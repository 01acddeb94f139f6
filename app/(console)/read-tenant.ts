import type { ReadTenant } from "#components/stale-banner";

/** Which tenant a figure was read from and when: all that the browser is given for the stale banner. */
export const readTenant = ({ tenantName, connectionId, asOf }: ReadTenant): ReadTenant => ({
  tenantName,
  connectionId,
  asOf: { directory: asOf.directory },
});
