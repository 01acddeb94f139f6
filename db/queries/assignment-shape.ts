/**
 * Which rows a list of assignments begins with. `by-name`: all accounts in the order of their names, until a page is
 * full; `by-account`: the license's assignments in the order of the accounts, likewise; `holders`: every assignment of the
 * license; `accounts`: every account that fits the text.
 */
export type AssignmentShape = "by-name" | "by-account" | "holders" | "accounts";

/** What is known of a list before it is read. Null = not known. */
export interface AssignmentSize {
  /** Accounts of the directory. */
  readonly accounts: number | null;
  /** Assignments of the license. */
  readonly holders: number | null;
  /** Of them, those that the filters are likely to leave; a text is not counted in. */
  readonly matches: number | null;
}

/** Reading accounts in a row costs this much less than looking each one up. */
const lookupCost = 8;

/**
 * The shape that reads the fewest rows for a page: going through all names ends early where many of them match, and a
 * license of few holders is read whole.
 */
export function assignmentShape(
  list: {
    readonly sort: "name" | "account";
    readonly limit: number;
    readonly searched: boolean;
  },
  { accounts, holders, matches }: AssignmentSize,
): AssignmentShape {
  if (list.sort === "account") return "by-account";
  if (accounts === null || holders === null || matches === null) return "holders";
  if (list.searched) return accounts < holders * lookupCost ? "accounts" : "holders";
  const namesUntilFull = matches === 0 ? accounts : (accounts / matches) * list.limit;
  return Math.min(accounts, namesUntilFull) < holders ? "by-name" : "holders";
}
