"use client";
import { Drawer, Group, Stack, Text, Title } from "@mantine/core";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { changesKeptDays } from "#lib/domain/change";
import type { AccountDetail } from "#lib/domain/change-models";
import { StatusBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { originWords } from "../words.ts";
import { ChangesTable } from "./changes-table.tsx";
import { ComparingNote } from "./comparing-note.tsx";

/** One account beside the page it was opened from: what it holds, and how that came to be. Null: no such account. */
export function AccountDrawer({ account }: { readonly account: AccountDetail | null }) {
  const router = useRouter();
  const pathname = usePathname();
  const search = useSearchParams();
  const close = () => {
    const next = new URLSearchParams(search);
    next.delete("person");
    router.push(next.size === 0 ? pathname : `${pathname}?${next}`, { scroll: false });
  };
  return (
    <Drawer
      opened
      onClose={close}
      position="right"
      size="xl"
      title={<bdi>{account === null ? "Account" : nameOf(account)}</bdi>}
      closeButtonProps={{ "aria-label": "Close" }}
    >
      {account === null ? (
        <Text size="sm">
          This account is neither in the published directory nor in the changes of the last{" "}
          {changesKeptDays} days.
        </Text>
      ) : (
        <Account account={account} />
      )}
    </Drawer>
  );
}

const nameOf = (account: AccountDetail): string =>
  account.displayName ?? account.userPrincipalName ?? "Name not known";

function Account({ account }: { readonly account: AccountDetail }) {
  const facts = [account.jobTitle, account.department].filter((fact) => fact !== null);
  return (
    <Stack gap="lg">
      <Stack gap={4}>
        {account.userPrincipalName !== null && (
          <Text size="sm" className="wrap-anywhere">
            <bdi>{account.userPrincipalName}</bdi>
          </Text>
        )}
        {facts.length > 0 && (
          <Text size="sm" c="dimmed">
            <bdi>{facts.join(" · ")}</bdi>
          </Text>
        )}
        <Group gap={6}>
          {!account.present && <StatusBadge label="Not in the directory" tone="quiet" />}
          {account.blocked && <StatusBadge label="Blocked" tone="warn" />}
          {account.guest && <StatusBadge label="Guest" tone="quiet" />}
          {account.asOf !== null && (
            <Text size="xs" c="dimmed">
              Directory read <Instant at={account.asOf} />
            </Text>
          )}
        </Group>
      </Stack>
      <Licenses account={account} />
      <section aria-label="Changes of this account">
        <Title order={3} mb="xs">
          What changed
        </Title>
        {account.comparing && <ComparingNote />}
        <ChangesTable
          label="Changes of this account"
          rows={account.changes}
          seesPeople
          without={["who"]}
          minWidth={480}
          empty={
            <Text size="sm" c="dimmed">
              Nothing in the last {changesKeptDays} days, as far as imports were made.
            </Text>
          }
        />
        {account.moreChanges && (
          <Text size="xs" c="dimmed" mt="xs">
            The newest {account.changes.length} are shown.
          </Text>
        )}
      </section>
    </Stack>
  );
}

function Licenses({ account }: { readonly account: AccountDetail }) {
  return (
    <section aria-label="Licenses of this account">
      <Title order={3} mb="xs">
        {account.licenses.length === 0
          ? "Holds no license"
          : `Holds ${countOf(account.licenses.length, "license")}`}
      </Title>
      <Stack gap="xs">
        {account.licenses.map((held) => (
          <div key={held.licenseId}>
            <TextLink href={`/licenses/${held.licenseId}`} size="sm" prefetch={false}>
              {held.productName}
            </TextLink>
            <Text size="xs" c="dimmed">
              {held.origin === "unknown"
                ? "How it is assigned is unknown"
                : originWords[held.origin]}
              {held.assignedAt !== null && (
                <>
                  {", since "}
                  <Instant at={held.assignedAt} />
                </>
              )}
            </Text>
          </div>
        ))}
      </Stack>
    </section>
  );
}
