"use client";
import { Accordion, Group, List, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyValue } from "../ui/copy-value.tsx";
import { LinkButton } from "../ui/link.tsx";
import { ContinueToMicrosoft, type StartConsent } from "./continue-to-microsoft.tsx";

/** Where the ways out of each trouble lead. */
interface WaysOut {
  readonly connectionId: string;
  readonly startConsent: StartConsent;
}

/** What an administrator needs when Microsoft's pages stop them; Microsoft never sends those people back to us. */
export function StuckHelp(
  props: WaysOut & {
    readonly redirectUris: readonly string[];
    readonly clientId: string | null;
    readonly tenantHint: string | null;
  },
) {
  const retry = (
    <ContinueToMicrosoft
      connectionId={props.connectionId}
      startConsent={props.startConsent}
      label="Try again"
      size="compact-sm"
    />
  );
  const ask = (
    <LinkButton size="compact-sm" variant="default" href="#hand-off">
      Ask an administrator
    </LinkButton>
  );
  const stepButton = (step: "tenant" | "method", label: string) => (
    <LinkButton
      size="compact-sm"
      variant="default"
      href={`/connections/new?connection=${props.connectionId}&step=${step}`}
    >
      {label}
    </LinkButton>
  );
  return (
    <section aria-label="I am stuck">
      <Text fw={600} size="sm" mb={4}>
        I am stuck
      </Text>
      <Accordion variant="separated" order={3}>
        <Help
          value="approval"
          question="Microsoft says “Need admin approval”"
          ways={
            <>
              {ask}
              {retry}
            </>
          }
        >
          The account that signed in may not approve for the whole tenant (AADSTS90094). Choose
          “Sign in with that account” there and use a Global Administrator or Privileged Role
          Administrator. A role that is only eligible has to be activated first in Privileged
          Identity Management. A request sent from Microsoft's page may be approved there, but does
          not come back here: press the button again afterwards.
        </Help>
        <Help
          value="person"
          question="I am no administrator, or only a guest in the tenant"
          ways={ask}
        >
          Ordinary accounts and guests cannot approve, even when Microsoft lets them sign in: the
          second sign-in has to be an administrator's whose account belongs to the tenant itself. An
          administrator can do both with a link, without becoming a member here.
        </Help>
        <Help
          value="redirect"
          question="Microsoft says the redirect URI does not match (AADSTS50011)"
          ways={stepButton("method", "Choose another method")}
        >
          This installation's addresses are not registered with its multi-tenant app. Whoever runs
          it has to add both, exactly as they stand here:
          <List size="sm" mt="xs" listStyleType="none">
            {props.redirectUris.map((uri) => (
              <List.Item key={uri}>
                <CopyValue value={uri} label="redirect URI" />
              </List.Item>
            ))}
          </List>
          {props.clientId !== null && (
            <>
              <Text size="sm" mt="xs">
                The app they belong to, by its client ID:
              </Text>
              <CopyValue value={props.clientId} label="client ID" />
            </>
          )}
        </Help>
        <Help
          value="tenant"
          question="Microsoft shows the wrong tenant, or does not know mine"
          ways={stepButton("tenant", "Change the tenant")}
        >
          {props.tenantHint === null
            ? "No tenant was entered, so Microsoft takes the one you are signed in to. Go back to “Tenant and cloud” and enter its ID or domain, or open a private window."
            : `You entered ${props.tenantHint}. Go back to “Tenant and cloud” and check it for a typing error, and the cloud.`}
        </Help>
        <Help
          value="policy"
          question="My organisation does not let other publishers' apps in"
          ways={stepButton("method", "Choose another method")}
        >
          Then register an app of your own in the tenant and give it the same permissions: the
          method “Registered app” needs no approval of ours.
        </Help>
        <Help
          value="nothing"
          question="I cancelled, or approved and nothing happened here"
          ways={retry}
        >
          Start again: approving from the Entra portal, in another browser, or after ten minutes
          does not come back to this page. Approving twice does no harm, and nothing you entered is
          lost.
        </Help>
      </Accordion>
    </section>
  );
}

function Help(props: {
  readonly value: string;
  readonly question: string;
  /** The button that helps. */
  readonly ways: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <Accordion.Item value={props.value}>
      <Accordion.Control>{props.question}</Accordion.Control>
      <Accordion.Panel>
        <Text size="sm" component="div">
          {props.children}
        </Text>
        <Group gap="sm" mt="sm">
          {props.ways}
        </Group>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
