import type { AccountKind } from "./account.ts";
import { departments, mailNickname, namePools } from "./names.ts";
import { between, fractionAt, guidAt, pick } from "./random.ts";
import type { SeedTenant } from "./tenant.ts";

/** Who an account is, without its licenses and activity. */
export type Identity = {
  index: number;
  id: string;
  kind: AccountKind;
  userPrincipalName: string;
  displayName: string;
  givenName: string | null;
  surname: string | null;
  mail: string | null;
  userType: "Member" | "Guest";
  usageLocation: string | null;
  country: string | null;
  city: string | null;
  state: string | null;
  department: string | null;
  jobTitle: string | null;
  companyName: string | null;
  officeLocation: string | null;
  employeeId: string | null;
  employeeType: string | null;
  onPremises: boolean;
  samAccountName: string | null;
};

const COMBINATIONS = namePools.reduce(
  (sum, pool) => sum + pool.given.length * pool.surnames.length,
  0,
);
/** A prime larger than any pool: stepping by it visits every name once before the first repeats. */
const STEP = 7919;

/** Who account `index` of this kind is. The first accounts are the tenant's named people. */
export function identityAt(tenant: SeedTenant, index: number, kind: AccountKind): Identity {
  const named = tenant.people[index];
  if (named) return namedPerson(tenant, index, named);
  const id = guidAt(tenant.seed, index, 1);
  switch (kind) {
    case "person":
      return person(tenant, index, id);
    case "guest":
      return guest(tenant, index, id);
    case "shared-mailbox":
      return mailbox(tenant, index, id);
    case "room":
      return room(tenant, index, id);
    case "service":
      return service(tenant, index, id);
    default:
      return kind satisfies never;
  }
}

/** The default domain for most accounts; a merged tenant still has people on the other ones. */
function domainAt(tenant: SeedTenant, index: number): string {
  const { domains } = tenant;
  const main = domains[1] ?? domains[0] ?? "example.onmicrosoft.com";
  return fractionAt(tenant.seed, index, 3) < 0.85 ? main : pick(domains, tenant.seed, index, 4);
}

const nothing = {
  givenName: null,
  surname: null,
  usageLocation: null,
  country: null,
  city: null,
  state: null,
  department: null,
  jobTitle: null,
  companyName: null,
  officeLocation: null,
  employeeId: null,
  employeeType: null,
  onPremises: false,
  samAccountName: null,
} as const;

function nameAt(tenant: SeedTenant, index: number) {
  let n = (index * STEP + (tenant.seed % COMBINATIONS)) % COMBINATIONS;
  const round = Math.floor(index / COMBINATIONS);
  for (const pool of namePools) {
    const size = pool.given.length * pool.surnames.length;
    if (n < size) {
      const given = pool.given[n % pool.given.length] ?? "";
      const surname = pool.surnames[Math.floor(n / pool.given.length)] ?? "";
      return { pool, given, surname, suffix: round === 0 ? "" : String(round + 1) };
    }
    n -= size;
  }
  throw new RangeError("name index out of range");
}

function person(tenant: SeedTenant, index: number, id: string): Identity {
  const { seed } = tenant;
  const { pool, given, surname, suffix } = nameAt(tenant, index);
  const place = pick(pool.cities, seed, index, 5);
  const department = pick(departments, seed, index, 6);
  const nickname = `${mailNickname(given, surname)}${suffix}`;
  const userPrincipalName = `${nickname}@${domainAt(tenant, index)}`;
  const onPremises = fractionAt(seed, index, 7) < tenant.profile.mix.onPremises;
  return {
    index,
    id,
    kind: "person",
    userPrincipalName,
    displayName: `${given} ${surname}`,
    givenName: given,
    surname,
    mail: userPrincipalName,
    userType: "Member",
    usageLocation: fractionAt(seed, index, 8) < 0.03 ? null : pool.usageLocation,
    country: pool.country,
    city: place.city,
    state: place.state,
    department: fractionAt(seed, index, 9) < 0.04 ? null : department.name,
    jobTitle: pick(department.titles, seed, index, 10),
    companyName: pick(tenant.profile.companies, seed, index, 11),
    officeLocation: `${place.city} ${between(seed, index, 12, 1, 9)}.${between(seed, index, 13, 10, 49)}`,
    employeeId: String(100_000 + index),
    employeeType: fractionAt(seed, index, 14) < 0.1 ? "Contractor" : "Employee",
    onPremises,
    samAccountName: onPremises ? nickname.slice(0, 20) : null,
  };
}

function namedPerson(
  tenant: SeedTenant,
  index: number,
  named: SeedTenant["people"][number],
): Identity {
  const isGuest = named.role === "guest";
  return {
    ...person(tenant, index, named.oid),
    kind: isGuest ? "guest" : "person",
    userPrincipalName: isGuest
      ? guestUpn(named.userPrincipalName, tenant)
      : named.userPrincipalName,
    displayName: `${named.givenName} ${named.surname}`,
    givenName: named.givenName,
    surname: named.surname,
    mail: named.userPrincipalName,
    userType: isGuest ? "Guest" : "Member",
    onPremises: false,
    samAccountName: null,
  };
}

function guestUpn(mail: string, tenant: SeedTenant): string {
  return `${mail.replace("@", "_")}#EXT#@${tenant.domains[0] ?? ""}`;
}

const guestDomains = ["adatum.com", "litwareinc.com", "tailspintoys.com", "wideworldimporters.com"];

function guest(tenant: SeedTenant, index: number, id: string): Identity {
  const { given, surname, suffix } = nameAt(tenant, index);
  const mail = `${mailNickname(given, surname)}${suffix}@${pick(guestDomains, tenant.seed, index, 15)}`;
  return {
    ...nothing,
    index,
    id,
    kind: "guest",
    userPrincipalName: guestUpn(mail, tenant),
    displayName: `${given} ${surname} (Guest)`,
    mail,
    userType: "Guest",
    givenName: given,
    surname,
  };
}

const mailboxNames = [
  "Invoices",
  "Info",
  "Support",
  "Careers",
  "Orders",
  "Travel Desk",
  "Facilities",
  "Press",
];

function mailbox(tenant: SeedTenant, index: number, id: string): Identity {
  const name = pick(mailboxNames, tenant.seed, index, 16);
  const upn = `${name.toLowerCase().replace(/ /g, "-")}-${index}@${domainAt(tenant, index)}`;
  return {
    ...nothing,
    index,
    id,
    kind: "shared-mailbox",
    userPrincipalName: upn,
    displayName: `${name} ${index}`,
    mail: upn,
    userType: "Member",
    usageLocation: "US",
  };
}

function room(tenant: SeedTenant, index: number, id: string): Identity {
  const pool = pick(namePools, tenant.seed, index, 17);
  const place = pick(pool.cities, tenant.seed, index, 5);
  const upn = `room-${pool.usageLocation.toLowerCase()}-${index}@${domainAt(tenant, index)}`;
  return {
    ...nothing,
    index,
    id,
    kind: "room",
    userPrincipalName: upn,
    displayName: `Room ${index}, ${place.city}`,
    mail: upn,
    userType: "Member",
    usageLocation: pool.usageLocation,
    country: pool.country,
    city: place.city,
  };
}

const serviceNames = ["svc-backup", "svc-scanner", "svc-sql", "svc-monitoring", "svc-erp"];

function service(tenant: SeedTenant, index: number, id: string): Identity {
  const upn = `${pick(serviceNames, tenant.seed, index, 18)}-${index}@${domainAt(tenant, index)}`;
  return {
    ...nothing,
    index,
    id,
    kind: "service",
    userPrincipalName: upn,
    displayName: upn.split("@")[0] ?? upn,
    mail: null,
    userType: "Member",
    usageLocation: "US",
    onPremises: true,
    samAccountName: `svc${index}`,
  };
}
