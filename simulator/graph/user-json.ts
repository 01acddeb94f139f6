import type { SeedUser } from "../seed/user.ts";
import { spelledSkuId, stateInstant, type UserSource, userProperties } from "./user-properties.ts";

/** Writes one property as JSON text; undefined leaves it out of the row. */
type Writer = (source: UserSource) => string | undefined;

/** Writes user rows with the chosen properties as JSON text: the same text as `JSON.stringify` of the selected row. */
export type UserWriter = (source: UserSource) => string;

/** Text that JSON writes as it is: no quote, backslash, control character or surrogate. */
const PLAIN = /^[ !#-[\]-\ud7ff\ue000-\uffff]*$/;

function quoted(text: string | null): string {
  if (text === null) return "null";
  return PLAIN.test(text) ? `"${text}"` : JSON.stringify(text);
}

type TextProperty = {
  [K in keyof SeedUser]: SeedUser[K] extends string | null ? K : never;
}[keyof SeedUser];

const text =
  (property: TextProperty): Writer =>
  ({ user }) =>
    quoted(user[property]);

/**
 * Writers of the properties importers ask for, row after row of a million: going through an object and
 * `JSON.stringify` costs three times as much. Every other property is written through its entry in `userProperties`.
 */
const writers: Readonly<Record<string, Writer>> = {
  id: text("id"),
  userPrincipalName: text("userPrincipalName"),
  displayName: text("displayName"),
  givenName: text("givenName"),
  surname: text("surname"),
  mail: text("mail"),
  userType: text("userType"),
  usageLocation: text("usageLocation"),
  country: text("country"),
  city: text("city"),
  state: text("state"),
  department: text("department"),
  jobTitle: text("jobTitle"),
  companyName: text("companyName"),
  officeLocation: text("officeLocation"),
  employeeId: text("employeeId"),
  employeeType: text("employeeType"),
  accountEnabled: ({ user }) => (user.enabled ? "true" : "false"),
  onPremisesSyncEnabled: ({ user }) => (user.onPremises ? "true" : "null"),
  assignedLicenses: licensesJson,
  licenseAssignmentStates: statesJson,
};

/** A writer for these properties; the row has them in this order, each once. */
export function userWriter(names: readonly string[]): UserWriter {
  const columns = [...new Set(names)].map((name) => {
    const property = userProperties[name];
    const write: Writer =
      writers[name] ?? ((source) => JSON.stringify(property?.(source)) as string | undefined);
    return { key: `${JSON.stringify(name)}:`, write };
  });
  return (source) => {
    let row = "";
    for (const { key, write } of columns) {
      const value = write(source);
      if (value !== undefined) row += row === "" ? key + value : `,${key}${value}`;
    }
    return `{${row}}`;
  };
}

function guidList(ids: readonly string[]): string {
  return ids.length === 0 ? "[]" : `["${ids.join('","')}"]`;
}

function licensesJson({ user, tenant }: UserSource): string {
  let list = "";
  for (const { sku, disabledPlans } of user.licenses) {
    if (list !== "") list += ",";
    list += `{"disabledPlans":${guidList(disabledPlans)},"skuId":"${spelledSkuId(sku.skuId, user, tenant)}"}`;
  }
  return `[${list}]`;
}

function statesJson(source: UserSource): string {
  const { user } = source;
  let list = "";
  const add = (row: SeedUser["failedRows"][number], disabledPlans: readonly string[]) => {
    if (list !== "") list += ",";
    const group = row.group === null ? "null" : `"${row.group}"`;
    list += `{"skuId":"${row.sku.skuId}","disabledPlans":${guidList(disabledPlans)},"assignedByGroup":${group},"state":"${row.state}","error":"${row.error}","lastUpdatedDateTime":"${stateInstant(source, row)}"}`;
  };
  for (const license of user.licenses)
    for (const row of license.rows) add(row, license.disabledPlans);
  for (const row of user.failedRows) add(row, []);
  return `[${list}]`;
}
