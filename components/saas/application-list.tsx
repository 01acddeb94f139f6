import { Group, Stack, Text, Title } from "@mantine/core";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { StatusBadge } from "../status-badge.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { TextLink } from "../ui/link.tsx";
import classes from "../wizard/wizard.module.css";
import {
  ApplicationForm,
  type ConnectApplication,
  type TenantChoice,
} from "./application-form.tsx";

type Application = OrganisationItem["applications"][number];

/** Every Microsoft application of the organisation: what it stands for, or the question which tenant that is. */
export function ApplicationList(props: {
  readonly organisation: OrganisationItem;
  readonly tenants: readonly TenantChoice[];
  readonly connect: ConnectApplication;
}) {
  const { organisation, tenants, connect } = props;
  if (organisation.applications.length === 0) {
    return (
      <EmptyState order={3} title="No Microsoft application is managed">
        The organisation lists none whose vendor is Microsoft. Add its Microsoft 365 in SaaS
        Management, then check again.
      </EmptyState>
    );
  }
  return (
    <Stack gap="md">
      {organisation.applications.map((application) => (
        <article key={application.id} className={classes.surface} aria-label={nameOf(application)}>
          <Stack gap="sm">
            <Group justify="space-between" gap="xs" align="flex-start">
              <div style={{ minWidth: 0 }}>
                <Title order={3} size="h4" className="wrap-anywhere">
                  <bdi>{nameOf(application)}</bdi>
                </Title>
                <Text size="sm" c="dimmed" className="wrap-anywhere">
                  {application.appName !== null && `${application.appName}, `}no. {application.id}
                </Text>
              </div>
              <Badge application={application} />
            </Group>
            <Children application={application} />
            <Standing application={application}>
              <ApplicationForm
                organisationId={organisation.id}
                application={{ id: application.id, name: nameOf(application) }}
                tenants={tenants}
                connect={connect}
              />
            </Standing>
          </Stack>
        </article>
      ))}
    </Stack>
  );
}

const nameOf = ({ name, appName, id }: Application): string => name ?? appName ?? `No. ${id}`;

function Badge({ application }: { readonly application: Application }) {
  if (application.connection !== null) return <StatusBadge label="Connected" tone="ok" />;
  if (application.listedTwice) return <StatusBadge label="Listed twice" tone="warn" />;
  if (application.active === false) return <StatusBadge label="Not managed any more" tone="warn" />;
  return <StatusBadge label="Not connected" tone="quiet" />;
}

/** What is below it is read with it. */
function Children({ application: { children } }: { readonly application: Application }) {
  if (children === null) {
    return (
      <Text size="sm" c="dimmed">
        What is below it could not be read.
      </Text>
    );
  }
  if (children.length === 0) return null;
  return (
    <Text size="sm" c="dimmed" className="wrap-anywhere">
      With {children.map(({ name, id }) => name ?? `no. ${id}`).join(", ")}
    </Text>
  );
}

function Standing(props: {
  readonly application: Application;
  readonly children: React.ReactNode;
}) {
  const { connection, listedTwice } = props.application;
  if (connection !== null) {
    return (
      <Text size="sm" className="wrap-anywhere">
        Stands for <bdi>{connection.tenantName ?? connection.tenantId}</bdi>:{" "}
        <TextLink href={`/connections/${connection.id}`} inherit>
          open the connection <bdi>{connection.name}</bdi>
        </TextLink>
        .
      </Text>
    );
  }
  if (listedTwice) {
    return (
      <Text size="sm">
        SaaS Management lists this application twice, so that its figures could be either's. Have
        the duplicate removed there, then check again.
      </Text>
    );
  }
  return props.children;
}
