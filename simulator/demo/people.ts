import { tenantIds } from "../defaults.ts";
import type { Person } from "../types.ts";

const person = (
  oid: string,
  name: string,
  userPrincipalName: string,
  role: Person["role"],
  note: string,
  more: Partial<Person> = {},
): Person => {
  const [givenName = name, ...rest] = name.split(" ");
  return { oid, givenName, surname: rest.join(" "), userPrincipalName, role, note, ...more };
};

/** People who sign in to the console. The first carries the app role `owner`. */
export const woodgrovePeople: readonly Person[] = [
  person(
    "30d6c20e-0001-4a10-8b01-000000000001",
    "Martina Keller",
    "martina.keller@woodgrove.example",
    "employee",
    "Head of IT asset management, owner",
    { appRoles: ["owner"] },
  ),
  person(
    "30d6c20e-0002-4a10-8b01-000000000002",
    "Daniel Okafor",
    "daniel.okafor@woodgrove.example",
    "employee",
    "License manager, analyst",
  ),
  person(
    "30d6c20e-0003-4a10-8b01-000000000003",
    "Yuki Tanaka",
    "yuki.tanaka@woodgrove.example",
    "employee",
    "Finance, viewer",
  ),
  person(
    "30d6c20e-0004-4a10-8b01-000000000004",
    "Ruth Abramson",
    "ruth.abramson@woodgrove.example",
    "employee",
    "Internal audit, auditor",
  ),
  person(
    "30d6c20e-0005-4a10-8b01-000000000005",
    "Piotr Zawadzki",
    "piotr.zawadzki@woodgrove.example",
    "employee",
    "Identity team, connection administrator",
  ),
];

/** Somebody the console does not let in. */
export const tailspinPeople: readonly Person[] = [
  person(
    "7a115b1a-0001-4a10-8b01-000000000001",
    "Sam Whitlock",
    "sam.whitlock@tailspin.example",
    "employee",
    "A stranger from another organisation",
  ),
];

/** People of Contoso: one of each role. */
export const contosoPeople: readonly Person[] = [
  person(
    "c0a70500-0001-4a10-8b01-000000000001",
    "Adele Vance",
    "adele.vance@contoso.example",
    "global-administrator",
    "Global Administrator",
  ),
  person(
    "c0a70500-0002-4a10-8b01-000000000002",
    "Ravi Subramanian",
    "ravi.subramanian@contoso.example",
    "privileged-role-administrator",
    "Privileged Role Administrator",
  ),
  person(
    "c0a70500-0003-4a10-8b01-000000000003",
    "Ingrid Solheim",
    "ingrid.solheim@contoso.example",
    "eligible-administrator",
    "Eligible for Global Administrator, not activated",
  ),
  person(
    "c0a70500-0004-4a10-8b01-000000000004",
    "Tom Brewster",
    "tom.brewster@contoso.example",
    "employee",
    "Employee, Sales",
  ),
  person(
    "c0a70500-0005-4a10-8b01-000000000005",
    "Sam Whitlock",
    "sam.whitlock@tailspin.example",
    "guest",
    "Guest from Tailspin",
    { guestOf: tenantIds.tailspin },
  ),
];

/** People of Fabrikam: one of each role. */
export const fabrikamPeople: readonly Person[] = [
  person(
    "fab21ca0-0001-4a10-8b01-000000000001",
    "Helen Marchetti",
    "helen.marchetti@fabrikam.example",
    "global-administrator",
    "Global Administrator",
  ),
  person(
    "fab21ca0-0002-4a10-8b01-000000000002",
    "Luis Ortega",
    "luis.ortega@fabrikam.example",
    "privileged-role-administrator",
    "Privileged Role Administrator",
  ),
  person(
    "fab21ca0-0003-4a10-8b01-000000000003",
    "Karin Brandt",
    "karin.brandt@proseware.example",
    "eligible-administrator",
    "Eligible for Global Administrator, not activated",
  ),
  person(
    "fab21ca0-0004-4a10-8b01-000000000004",
    "Joe Pallister",
    "joe.pallister@fabrikam.example",
    "employee",
    "Employee, Operations",
  ),
  person(
    "fab21ca0-0005-4a10-8b01-000000000005",
    "Sam Whitlock",
    "sam.whitlock@tailspin.example",
    "guest",
    "Guest from Tailspin",
    { guestOf: tenantIds.tailspin },
  ),
];

/** People of Litware Federal: one of each role. */
export const litwarePeople: readonly Person[] = [
  person(
    "117a4a7e-0001-4a10-8b01-000000000001",
    "Grace Whitfield",
    "grace.whitfield@litware.example",
    "global-administrator",
    "Global Administrator",
  ),
  person(
    "117a4a7e-0002-4a10-8b01-000000000002",
    "Marcus Bell",
    "marcus.bell@litware.example",
    "privileged-role-administrator",
    "Privileged Role Administrator",
  ),
  person(
    "117a4a7e-0003-4a10-8b01-000000000003",
    "Dana Ruiz",
    "dana.ruiz@litware.example",
    "eligible-administrator",
    "Eligible for Global Administrator, not activated",
  ),
  person(
    "117a4a7e-0004-4a10-8b01-000000000004",
    "Kevin Ito",
    "kevin.ito@litware.example",
    "employee",
    "Employee, contracts",
  ),
];

/** People of Northwind Traders: one of each role. */
export const northwindPeople: readonly Person[] = [
  person(
    "0a7b0172-0001-4a10-8b01-000000000001",
    "Nancy Delgado",
    "nancy.delgado@northwind.example",
    "global-administrator",
    "Global Administrator",
  ),
  person(
    "0a7b0172-0002-4a10-8b01-000000000002",
    "Erik Dahl",
    "erik.dahl@northwind.example",
    "privileged-role-administrator",
    "Privileged Role Administrator",
  ),
  person(
    "0a7b0172-0003-4a10-8b01-000000000003",
    "Mira Kovac",
    "mira.kovac@northwind.example",
    "eligible-administrator",
    "Eligible for Global Administrator, not activated",
  ),
  person(
    "0a7b0172-0004-4a10-8b01-000000000004",
    "Ben Foster",
    "ben.foster@northwind.example",
    "employee",
    "Employee, warehouse",
  ),
  person(
    "0a7b0172-0005-4a10-8b01-000000000005",
    "Sam Whitlock",
    "sam.whitlock@tailspin.example",
    "guest",
    "Guest from Tailspin",
    { guestOf: tenantIds.tailspin },
  ),
];
