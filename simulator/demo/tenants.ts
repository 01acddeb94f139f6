import { credentials, registeredApp, requestedPermissions, tenantIds } from "../defaults.ts";
import type { TenantSpec } from "../types.ts";
import {
  contosoPeople,
  fabrikamPeople,
  litwarePeople,
  northwindPeople,
  tailspinPeople,
  woodgrovePeople,
} from "./people.ts";

/** The tenants of the set `demo`: four customers, one of them in US Government L4, the console's home tenant and a stranger's. */
export function demoTenants(): TenantSpec[] {
  const quiet = {
    profile: "small" as const,
    premium: false,
    concealedNames: false,
    countryLetterCode: "GB",
    apps: [],
    consents: [],
  };
  return [
    {
      id: tenantIds.contoso,
      name: "Contoso",
      domains: ["contoso.onmicrosoft.com", "contoso.example"],
      seed: "contoso",
      size: 3000,
      profile: "tidy",
      premium: true,
      concealedNames: false,
      countryLetterCode: "US",
      people: contosoPeople,
      apps: [registeredApp(tenantIds.contoso, "Contoso", credentials.contosoApp)],
      consents: [{ clientId: credentials.contosoApp.clientId, permissions: requestedPermissions }],
    },
    {
      id: tenantIds.fabrikam,
      name: "Fabrikam",
      domains: [
        "fabrikam.onmicrosoft.com",
        "fabrikam.example",
        "proseware.onmicrosoft.com",
        "proseware.example",
        "fabrikamuk.onmicrosoft.com",
      ],
      seed: "fabrikam",
      size: 800,
      profile: "acquired",
      premium: true,
      concealedNames: false,
      countryLetterCode: "DE",
      people: fabrikamPeople,
      apps: [],
      consents: [],
    },
    {
      id: tenantIds.northwind,
      name: "Northwind Traders",
      domains: ["northwind.onmicrosoft.com", "northwind.example"],
      seed: "northwind",
      size: 150,
      profile: "small",
      premium: false,
      concealedNames: true,
      countryLetterCode: "US",
      people: northwindPeople,
      apps: [],
      consents: [],
    },
    {
      id: tenantIds.litware,
      cloud: "us-gov-l4",
      name: "Litware Federal",
      domains: ["litwarefederal.onmicrosoft.us", "litware.example"],
      seed: "litware",
      size: 220,
      profile: "tidy",
      premium: true,
      concealedNames: false,
      countryLetterCode: "US",
      people: litwarePeople,
      apps: [],
      consents: [],
    },
    {
      ...quiet,
      id: tenantIds.woodgrove,
      name: "Woodgrove Asset Management",
      domains: ["woodgrove.onmicrosoft.com", "woodgrove.example"],
      seed: "woodgrove",
      size: 40,
      people: woodgrovePeople,
    },
    {
      ...quiet,
      id: tenantIds.tailspin,
      name: "Tailspin Toys",
      domains: ["tailspin.onmicrosoft.com", "tailspin.example"],
      seed: "tailspin",
      size: 12,
      people: tailspinPeople,
    },
  ];
}

/** Built-in sets of tenants by name. */
export const tenantSets: Readonly<Record<string, () => TenantSpec[]>> = {
  demo: demoTenants,
  none: () => [],
};
