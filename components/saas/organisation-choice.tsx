import { Group, Stack, Text } from "@mantine/core";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { saasRegionLabels } from "#lib/domain/saas-organisation";
import { countOf } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import classes from "../wizard/wizard.module.css";
import { OrganisationBadge } from "./organisation-badge.tsx";

/** The organisations that are there already: their credential is shared by all their connections. */
export function OrganisationChoice(props: { readonly organisations: readonly OrganisationItem[] }) {
  return (
    <Stack gap="sm">
      {props.organisations.map((organisation) => (
        <article key={organisation.id} className={classes.surface} aria-label={organisation.name}>
          <Group justify="space-between" gap="sm">
            <div style={{ minWidth: 0 }}>
              <Group gap="xs">
                <Text fw={600} className="wrap-anywhere">
                  <bdi>{organisation.name}</bdi>
                </Text>
                <OrganisationBadge status={organisation.status} />
              </Group>
              <Text size="sm" c="dimmed">
                {saasRegionLabels[organisation.region]}, no. {organisation.orgId},{" "}
                {countOf(organisation.connections.length, "connection")}
              </Text>
            </div>
            <LinkButton
              href={`/connections/new/saas-management?organisation=${organisation.id}`}
              aria-label={`Use it: ${organisation.name}`}
            >
              Use it
            </LinkButton>
          </Group>
        </article>
      ))}
    </Stack>
  );
}
