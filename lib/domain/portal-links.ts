/** Where in Microsoft's portal an app registration is looked after. */
export interface PortalLinks {
  /** Every registration of the tenant, with "New registration" above the list. */
  readonly registrations: string;
  readonly overview: string;
  readonly permissions: string;
  readonly credentials: string;
}

/**
 * Deep links into the portal of a cloud, opened in the tenant's own directory. Without a client id the pages of one app
 * are not known yet and the list stands in for them. Source: reference/microsoft-graph.md §1.5 (portal hosts).
 */
export const portalLinks = (place: {
  /** Such as `https://portal.azure.com`. */
  readonly portalOrigin: string;
  readonly tenantId: string;
  readonly clientId: string | null;
}): PortalLinks => {
  const view = `${place.portalOrigin}/${place.tenantId}/#view/Microsoft_AAD_RegisteredApps`;
  const registrations = `${view}/ApplicationsListBlade`;
  const page = (name: string) =>
    place.clientId === null
      ? registrations
      : `${view}/ApplicationMenuBlade/~/${name}/appId/${place.clientId}/isMSAApp~/false`;
  return {
    registrations,
    overview: page("Overview"),
    permissions: page("CallAnAPI"),
    credentials: page("Credentials"),
  };
};
