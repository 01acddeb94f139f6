"use client";
import { List, ListItem, Stack } from "@mantine/core";
import type { UnreadAccounts } from "#lib/domain/import-item";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { countOf, formatNumber } from "../ui/format.ts";

const verbs = { keep: ["keeps", "keep"], be: ["was", "were"] } as const;

/** `It keeps`, `They keep` or `2 of them keep`. */
const share = (some: number, all: number, verb: keyof typeof verbs): string => {
  const [one, many] = verbs[verb];
  const who = some < all ? `${formatNumber(some)} of them` : some === 1 ? "It" : "They";
  return `${who} ${some === 1 ? one : many}`;
};

/** Accounts whose licenses could not be read: what is counted of them all the same, and what nobody knows. */
export function UnreadCallout({ unread }: { readonly unread: UnreadAccounts }) {
  const { carried, unknown, accounts } = unread;
  const all = carried + unknown;
  const more = all - accounts.length;
  return (
    <Callout tone="warn" title={`The licenses of ${countOf(all, "account")} could not be read`}>
      <Stack gap={4}>
        {carried > 0 && (
          <span>
            {share(carried, all, "keep")} what was last read: counted as before, neither gained nor
            lost, and in no opportunity.
          </span>
        )}
        {unknown > 0 && (
          <span>
            {share(unknown, all, "be")} never read before, or could not be told apart: what{" "}
            {unknown === 1 ? "it holds" : "they hold"} is not known. Where Microsoft counts more
            seats of a license than we do, how many are available is shown as unknown.
          </span>
        )}
        <span>The next import reads every account anew.</span>
        {accounts.length > 0 && (
          <List size="sm" mt={4}>
            {accounts.map((account) => (
              <ListItem key={account.userId}>
                <bdi>{account.displayName ?? account.userPrincipalName ?? account.userId}</bdi>
                {account.seatsAsOf === null ? (
                  ", never read"
                ) : (
                  <>
                    , as read <Instant at={account.seatsAsOf} />
                  </>
                )}
              </ListItem>
            ))}
            {more > 0 && <ListItem>and {formatNumber(more)} more</ListItem>}
          </List>
        )}
      </Stack>
    </Callout>
  );
}
