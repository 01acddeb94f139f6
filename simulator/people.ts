import { guidAt, seedNumber } from "./seed/random.ts";
import type { Person, PersonRole } from "./types.ts";

/** The people every tenant created through the control API has: one of each role. */
export function standardPeople(seed: string, domain: string): Person[] {
  const number = seedNumber(`people of ${seed}`);
  const person = (
    index: number,
    givenName: string,
    surname: string,
    role: PersonRole,
    note: string,
  ): Person => ({
    oid: guidAt(number, index, 1),
    givenName,
    surname,
    userPrincipalName: `${givenName}.${surname}@${domain}`.toLowerCase(),
    role,
    note,
  });
  return [
    person(0, "Gwen", "Ashworth", "global-administrator", "Global Administrator"),
    person(1, "Pavel", "Reznik", "privileged-role-administrator", "Privileged Role Administrator"),
    person(
      2,
      "Elin",
      "Sandvik",
      "eligible-administrator",
      "Eligible for Global Administrator, not activated",
    ),
    person(3, "Oscar", "Bellamy", "employee", "Employee"),
    {
      ...person(4, "Greta", "Holm", "guest", "Guest from Adatum"),
      userPrincipalName: "greta.holm@adatum.com",
      guestOf: "0d2e7f4c-9c35-4a5b-8f0a-6f6c1e2b7a90",
    },
  ];
}
