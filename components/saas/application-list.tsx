import { Group, Stack, Text, Title } from "@mantine/core";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { readTogetherWith } from "#lib/domain/saas-organisation";
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
            {application.listed === "twice" && (
              <Text size="sm" c="dimmed">
                SaaS Management lists it twice, alike both times. It is read once.
              </Text>
            )}
            <Standing
              application={application}
              together={connectedWith(organisation.applications, application)}
            >
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

/** What is connected already and read together with the application. */
const connectedWith = (applications: readonly Application[], { id }: Application) => {
  const together = readTogetherWith(applications, id);
  return applications.find((other) => other.connection !== null && together.includes(other.id));
};

function Badge({ application }: { readonly application: Application }) {
  if (application.connection !== null) return <StatusBadge label="Connected" tone="ok" />;
  if (application.listed === "contradictory") {
    return <StatusBadge label="Listed twice" tone="warn" />;
  }
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
  readonly together: Application | undefined;
  readonly children: React.ReactNode;
}) {
  const { connection, listed, children } = props.application;
  const { together } = props;
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
  if (listed === "contradictory") {
    return (
      <Text size="sm">
        SaaS Management lists this application twice, and not alike, so that its figures could be
        either's. Have the duplicate removed there, then check again.
      </Text>
    );
  }
  if (together?.connection) {
    const isBelow = !children?.some(({ id }) => id === together.id);
    return (
      <Text size="sm" className="wrap-anywhere">
        {isBelow ? "It is read with " : "What is below it, "}
        <bdi>{nameOf(together)}</bdi>
        {isBelow
          ? ", which is connected: "
          : ", is connected by itself, and would be counted twice: "}
        <TextLink href={`/connections/${together.connection.id}`} inherit>
          open the connection <bdi>{together.connection.name}</bdi>
        </TextLink>
        .
      </Text>
    );
  }
  return props.children;
}
