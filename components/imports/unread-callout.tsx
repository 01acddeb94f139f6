"use client";
import { List, ListItem } from "@mantine/core";
import type { UnreadAccounts } from "#lib/domain/import-item";
import { Callout } from "../ui/callout.tsx";
import { Instant } from "../ui/clock.tsx";
import { countOf, formatNumber } from "../ui/format.ts";

/** Accounts that came without their licenses: what is counted of them all the same, and what nobody knows. */
export function UnreadCallout({ unread }: { readonly unread: UnreadAccounts }) {
  const { carried, unknown, accounts } = unread;
  const all = carried + unknown;
  const more = all - accounts.length;
  return (
    <Callout tone="warn" title={`${countOf(all, "account")} came without licenses`}>
      {carried > 0 && (
        <p>
          {formatNumber(carried)} of them {carried === 1 ? "keeps" : "keep"} what was last read:
          counted as before, neither gained nor lost, and in no opportunity.
        </p>
      )}
      {unknown > 0 && (
        <p>
          {formatNumber(unknown)} of them {unknown === 1 ? "was" : "were"} never read: what they
          hold is not known. Where Microsoft counts more seats of a license than we do, how many are
          available is shown as unknown.
        </p>
      )}
      <p>Microsoft usually tells them again; the next import reads every account anew.</p>
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
    </Callout>
  );
}
