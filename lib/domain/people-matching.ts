/** How many accounts were matched by which key, in the order of the passes, and how many by none. Accounts. */
export interface MatchCounts {
  readonly objectId: number;
  readonly userPrincipalName: number;
  readonly mail: number;
  readonly unmatched: number;
}

/**
 * Whether people could be looked up: not while either side has nothing published, and not yet while a worker is at it.
 */
export const matchStates = ["nothing-published", "computing", "ready"] as const;
export type MatchState = (typeof matchStates)[number];

/** Why an account of a managed application matches none of Microsoft's. */
export const noMatchReasons = ["nobody", "several", "nothing-to-match"] as const;
export type NoMatchReason = (typeof noMatchReasons)[number];

/** An account that matches none. */
export interface UnmatchedPerson {
  readonly userId: string;
  readonly displayName: string | null;
  readonly mail: string | null;
  readonly userPrincipalName: string | null;
  /** SKUs it holds. */
  readonly seats: number;
  readonly reason: NoMatchReason;
}

/** Why, in a sentence. */
export const noMatchText = (reason: NoMatchReason): string => {
  switch (reason) {
    case "nobody":
      return "Microsoft’s data has no account with this object id, user principal name or e-mail.";
    case "several":
      return "Several accounts share this name or address, so none of them is taken.";
    case "nothing-to-match":
      return "The application tells neither an object id of this tenant nor an address.";
    default:
      return reason satisfies never;
  }
};
