import { permissions } from "./connection.ts";

type Permission = (typeof permissions)[number];

/** What the consent in force was asked for, and what a verification found of it. */
export interface Consent {
  /** Null where no consent of ours was asked for: an app the customer registered. */
  readonly asked: readonly string[] | null;
  /** Names a verification saw granted. */
  readonly granted: readonly string[];
}

/** What is asked for today and not granted. */
export interface ConsentGap {
  /** Asked for since the consent was given: nobody has decided on them yet. */
  readonly added: readonly Permission[];
  /** Asked for at the consent, and not granted or taken away since. */
  readonly missing: readonly Permission[];
}

/** Compares the permissions asked for today with a consent. Source: DESIGN §7. */
export function consentGap(
  { asked, granted }: Consent,
  wanted: readonly Permission[] = permissions,
): ConsentGap {
  const lacking = wanted.filter(({ name }) => !granted.includes(name));
  const isAdded = ({ name }: Permission) => asked !== null && !asked.includes(name);
  return {
    added: lacking.filter(isAdded),
    missing: lacking.filter((permission) => !isAdded(permission)),
  };
}

/** What changed between two verifications of a connection, by permission name. */
export interface GrantChanges {
  readonly granted: readonly string[];
  readonly withdrawn: readonly string[];
}

interface Grant {
  readonly name: string;
  readonly granted: boolean;
}

/** What a verification saw granted that the one before did not, and the other way round. */
export function grantChanges(before: readonly Grant[], after: readonly Grant[]): GrantChanges {
  const [had, has] = [grantedNames(before), grantedNames(after)];
  return {
    granted: has.filter((name) => !had.includes(name)),
    withdrawn: had.filter((name) => !has.includes(name)),
  };
}

/** Names of what was granted. */
export const grantedNames = (grants: readonly Grant[]): readonly string[] =>
  grants.filter(({ granted }) => granted).map(({ name }) => name);
