/** Addresses of the rows behind a license's figures. */
export const licenseLinks = (license: { readonly id: string; readonly connectionId: string }) => {
  const page = `/licenses/${license.id}`;
  const assignments = (filter: string): string => `${page}?tab=assignments${filter}#rows`;
  return {
    page,
    assignments: assignments(""),
    active: assignments("&activity=active"),
    inactive: assignments("&activity=inactive"),
    neverUsed: assignments("&activity=neverUsed"),
    tooNew: assignments("&activity=tooNew"),
    unknown: assignments("&activity=unknown"),
    direct: assignments("&origin=direct"),
    group: assignments("&origin=group"),
    both: assignments("&origin=both"),
    unknownOrigin: assignments("&origin=unknown"),
    errors: assignments("&error=true"),
    blocked: assignments("&blocked=true"),
    guests: assignments("&guest=true"),
    opportunities: `${page}?tab=opportunities#rows`,
    subscriptions: `${page}?tab=subscriptions#rows`,
    history: `${page}?tab=history#rows`,
    changes: `${page}?tab=changes#rows`,
    connection: `/connections/${license.connectionId}`,
  } as const;
};
