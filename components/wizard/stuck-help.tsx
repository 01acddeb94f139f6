"use client";
import { Accordion, List, Text } from "@mantine/core";
import type { ReactNode } from "react";
import { CopyValue } from "../ui/copy-value.tsx";

/** What an administrator needs when Microsoft's pages stop them; Microsoft never sends those people back to us. */
export function StuckHelp(props: {
  readonly redirectUris: readonly string[];
  readonly clientId: string | null;
  readonly tenantHint: string | null;
}) {
  return (
    <section aria-label="I am stuck">
      <Text fw={600} size="sm" mb={4}>
        I am stuck
      </Text>
      <Accordion variant="separated" order={3}>
        <Help value="approval" question="Microsoft says “Need admin approval”">
          The account that signed in may not approve for the whole tenant. Choose “Sign in with that
          account” there and use a Global Administrator or Privileged Role Administrator. A role
          that is only eligible has to be activated first in Privileged Identity Management.
        </Help>
        <Help
          value="redirect"
          question="Microsoft says the redirect URI does not match (AADSTS50011)"
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
        <Help value="tenant" question="Microsoft shows the wrong tenant, or does not know mine">
          {props.tenantHint === null
            ? "No tenant was entered, so Microsoft takes the one you are signed in to. Go back to “Tenant and cloud” and enter its ID or domain, or open a private window."
            : `You entered ${props.tenantHint}. Go back to “Tenant and cloud” and check it for a typing error, and the cloud.`}
        </Help>
        <Help value="nothing" question="I approved, but nothing happened here">
          Start again with the button above: approving from the Entra portal, in another browser, or
          after ten minutes does not come back to this page. Approving twice does no harm.
        </Help>
      </Accordion>
    </section>
  );
}

function Help(props: {
  readonly value: string;
  readonly question: string;
  readonly children: ReactNode;
}) {
  return (
    <Accordion.Item value={props.value}>
      <Accordion.Control>{props.question}</Accordion.Control>
      <Accordion.Panel>
        <Text size="sm" component="div">
          {props.children}
        </Text>
      </Accordion.Panel>
    </Accordion.Item>
  );
}
