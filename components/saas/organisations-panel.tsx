import { Group, Stack, Text, Title } from "@mantine/core";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { saasRegionLabels } from "#lib/domain/saas-organisation";
import { CredentialExpiry } from "../connections/credential-expiry.tsx";
import { ConnectionBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { LinkButton, TextLink } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Command } from "../ui/use-command.ts";
import classes from "../wizard/wizard.module.css";
import { CheckState, isChecking } from "./check-state.tsx";
import { OrganisationBadge } from "./organisation-badge.tsx";
import { type RenameOrganisation, RenameOrganisationForm } from "./rename-organisation.tsx";
import {
  type ReplaceOrganisationCredential,
  ReplaceOrganisationCredentialForm,
} from "./replace-organisation-credential.tsx";

type OnOrganisation = Command<{ readonly organisationId: string }>;

/** What may be done with organisations; null for who may not. */
export type OrganisationCommands = {
  readonly rename: RenameOrganisation;
  readonly check: OnOrganisation;
  readonly replace: ReplaceOrganisationCredential;
  readonly remove: OnOrganisation;
} | null;

/** The organisations of SaaS Management: how each stands, what reads with it, and its credential. */
export function OrganisationsPanel(props: {
  readonly organisations: readonly OrganisationItem[];
  readonly commands: OrganisationCommands;
}) {
  const { organisations, commands } = props;
  return (
    <Panel
      title="SaaS Management organisations"
      beside={
        commands !== null && organisations.length > 0 ? (
          <LinkButton href="/connections/new/saas-management" size="compact-sm" variant="default">
            Connect a tenant
          </LinkButton>
        ) : undefined
      }
    >
      {organisations.length === 0 ? (
        <EmptyState
          order={3}
          title="No organisation is connected"
          action={
            commands !== null && (
              <LinkButton href="/connections/new/saas-management">
                Connect SaaS Management
              </LinkButton>
            )
          }
        >
          Enterprises that run SaaS Management connect its organisation here, so that Microsoft 365
          is not counted twice.
        </EmptyState>
      ) : (
        <Stack gap="lg">
          {organisations.map((organisation) => (
            <Organisation key={organisation.id} organisation={organisation} commands={commands} />
          ))}
        </Stack>
      )}
    </Panel>
  );
}

function Organisation(props: {
  readonly organisation: OrganisationItem;
  readonly commands: OrganisationCommands;
}) {
  const { organisation, commands } = props;
  const { id, name, credential } = organisation;
  return (
    <section id={id} aria-label={name} className={classes.surface}>
      <Stack gap="sm">
        <Group gap="xs">
          <Title order={3} size="h4" className="wrap-anywhere">
            <bdi>{name}</bdi>
          </Title>
          <OrganisationBadge status={organisation.status} />
        </Group>
        <Text size="sm" c="dimmed">
          {saasRegionLabels[organisation.region]}, no. {organisation.orgId}.{" "}
          {organisation.verifiedAt === null ? (
            "Never verified."
          ) : (
            <>
              Last verified <Instant at={organisation.verifiedAt} />.
            </>
          )}
        </Text>
        <CheckState organisation={organisation} />
        <CredentialExpiry credential={credential} />
        <Readers organisation={organisation} />
        {commands !== null && <Actions organisation={organisation} commands={commands} />}
      </Stack>
    </section>
  );
}

function Readers({ organisation }: { readonly organisation: OrganisationItem }) {
  const { connections, applications } = organisation;
  if (connections.length === 0) {
    return <Text size="sm">None of its applications is connected to a tenant yet.</Text>;
  }
  return (
    <ul style={{ margin: 0, paddingInlineStart: "1.1rem" }} aria-label="Connected applications">
      {connections.map(({ id, name, managedAppId, status }) => (
        <li key={id}>
          <Group gap="xs">
            <Text size="sm" className="wrap-anywhere">
              <TextLink href={`/connections/${id}`} inherit underline="always">
                <bdi>{name}</bdi>
              </TextLink>{" "}
              reads{" "}
              <bdi>
                {applications.find((one) => one.id === managedAppId)?.name ??
                  `application no. ${managedAppId}`}
              </bdi>
            </Text>
            <ConnectionBadge status={status} />
          </Group>
        </li>
      ))}
    </ul>
  );
}

function Actions(props: {
  readonly organisation: OrganisationItem;
  readonly commands: NonNullable<OrganisationCommands>;
}) {
  const { organisation, commands } = props;
  const { id: organisationId, name, status } = organisation;
  const goOn = status === "ready" ? "Connect an application" : "Continue connecting";
  const going = `/connections/new/saas-management?organisation=${organisationId}`;
  return (
    <Group gap="sm" align="flex-start">
      <LinkButton href={going} size="sm" aria-label={`${goOn} with ${name}`}>
        {goOn}
      </LinkButton>
      {!isChecking(organisation) && (
        <CommandButton
          command={commands.check}
          input={{ organisationId }}
          done="A check was asked for."
          size="sm"
          variant="default"
          aria-label={`Check now: ${name}`}
        >
          Check now
        </CommandButton>
      )}
      {organisation.verifiedAt !== null && (
        <ReplaceOrganisationCredentialForm
          organisationId={organisationId}
          name={name}
          replace={commands.replace}
        />
      )}
      <RenameOrganisationForm
        organisationId={organisationId}
        name={name}
        rename={commands.rename}
      />
      {organisation.connections.length === 0 && (
        <ConfirmButton
          command={commands.remove}
          input={{ organisationId }}
          title={`Remove ${name}?`}
          consequences="Its credential is erased at once. Nothing is retired: no connection reads with it. It can be entered again."
          confirmLabel="Remove"
          done="Removed."
          danger
          variant="default"
          size="sm"
          aria-label={`Remove ${name}`}
        >
          Remove
        </ConfirmButton>
      )}
    </Group>
  );
}
