/** Why an approval was not taken, for somebody who sees nothing of the workspace. */
interface RefusedProof {
  readonly what: string;
  readonly action: string;
  /** Whether the same person may try again with the same link. */
  readonly again: boolean;
}

const withRole =
  "Use a Global Administrator or Privileged Role Administrator of the tenant itself.";

const texts: Readonly<Record<string, RefusedProof>> = {
  "not-administrator": {
    what: "The account of the second sign-in is no administrator of the tenant.",
    action: `${withRole} A role that is only eligible has to be activated in Privileged Identity Management first.`,
    again: true,
  },
  "no-role-claim": {
    what: "Microsoft named no administrator role for the account of the second sign-in.",
    action: "Activate the role in Privileged Identity Management, wait a minute, and try again.",
    again: true,
  },
  guest: {
    what: "The account of the second sign-in is a guest in the tenant.",
    action: withRole,
    again: true,
  },
  "other-tenant": {
    what: "The second sign-in was with another tenant than the one that was approved.",
    action: "Choose the same account both times.",
    again: true,
  },
  "domain-of-other-tenant": {
    what: "The approved tenant is not the one that was asked for.",
    action: "Sign in with an administrator account of that tenant, or tell the person who asked.",
    again: true,
  },
  "connected-already": {
    what: "The tenant is connected there already.",
    action: "There is nothing left to do for you; tell the person who asked.",
    again: false,
  },
  "tenant-claimed-elsewhere": {
    what: "The tenant is connected by another workspace of this installation.",
    action: "Tell the person who asked.",
    again: false,
  },
  "permission-missing": {
    what: "A permission without which nothing can be read was not granted.",
    action: "Approve the whole list, or tell the person who asked.",
    again: true,
  },
  "check-replaced": {
    what: "A newer approval took the place of this one.",
    action: "There is nothing left to do for you.",
    again: false,
  },
};

const other: RefusedProof = {
  what: "Microsoft or Seatledger could not finish the check.",
  action: "Try again in a few minutes, or tell the person who asked.",
  again: true,
};

/** The words for a failure's code (lib/domain/failure); the workspace's own page tells more. */
export const refusedProof = (code: string): RefusedProof =>
  Object.hasOwn(texts, code) ? (texts[code] ?? other) : other;
