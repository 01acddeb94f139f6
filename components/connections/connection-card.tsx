import { Group, Text, Title } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { cloudLabels, methodLabels, sourceLabels } from "#lib/domain/connection-labels";
import { retiredReasonLabels } from "#lib/domain/labels";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { ConnectionBadge } from "../status-badge.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import { LinkButton, TextLink } from "../ui/link.tsx";
import classes from "./connection-card.module.css";
import { ConnectionFigure } from "./connection-figure.tsx";
import { CredentialExpiry } from "./credential-expiry.tsx";
import { expiryTold } from "./credential-expiry-words.ts";
import { LastImport } from "./last-import.tsx";
import { NextImport } from "./next-import.tsx";
import { primaryAction, type StartImport } from "./primary-action.ts";

/** One tenant's connection: how it is reached, how it fares, and the one thing to do next. */
export function ConnectionCard(props: {
  readonly connection: ConnectionItem;
  readonly startImport: StartImport | null;
  /** Below what heading it stands; 2 by itself. */
  readonly headingOrder?: 2 | 3;
}) {
  const { connection } = props;
  return (
    <article className={classes.card} aria-label={connection.name}>
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <div style={{ minWidth: 0 }}>
          <Title order={props.headingOrder ?? 2} size="h2" className="wrap-anywhere">
            <TextLink href={`/connections/${connection.id}`} inherit c="inherit">
              <bdi>{connection.tenantName ?? connection.name}</bdi>
            </TextLink>
          </Title>
          <Text size="sm" c="dimmed" className="wrap-anywhere">
            <bdi>{connection.tenantDomain ?? connection.name}</bdi>
          </Text>
        </div>
        <ConnectionBadge status={connection.status} />
      </Group>
      <Text size="sm" c="dimmed">
        {sourceLabels[connection.source]}
        {connection.method !== null && ` · ${methodLabels[connection.method]}`}
        {connection.cloud !== "global" && ` · ${cloudLabels[connection.cloud]}`}
      </Text>
      {connection.leftOut === null ? (
        <Figures connection={connection} />
      ) : (
        <Text size="sm">
          {retiredReasonLabels[connection.leftOut].label}: its licenses are in no total.
        </Text>
      )}
      <div className={classes.health}>
        {connection.problem !== null && (
          <Text size="sm" c="var(--sl-risk)">
            {connection.problem.what}
          </Text>
        )}
        {connection.newPermissions.length > 0 && (
          <Text size="sm" className="wrap-anywhere">
            Asked for since its consent: {connection.newPermissions.join(", ")}
          </Text>
        )}
        {!expiryTold(connection.problem) && <CredentialExpiry credential={connection.credential} />}
        <LastImport connection={connection} />
        <NextImport schedule={connection.schedule} />
        <FreshnessStamp asOf={connection.asOf} source={connection.source} />
      </div>
      <div className={classes.action}>
        <CardAction {...props} />
      </div>
    </article>
  );
}

const licensesHref = ({ tenantId }: ConnectionItem, more = ""): string | undefined =>
  tenantId === null ? undefined : `/licenses?tenant=${tenantId}${more}`;
const idleHref = ({ tenantId }: ConnectionItem): string | undefined =>
  tenantId === null ? undefined : `/opportunities?tenant=${tenantId}`;

/** How many of its licenses count, and how they fare. */
function Figures({ connection }: { readonly connection: ConnectionItem }) {
  return (
    <dl className={classes.figures}>
      <Figure
        connection={connection}
        label="Licenses"
        value={connection.licenses}
        href={licensesHref(connection)}
      />
      <Figure
        connection={connection}
        label="At risk"
        value={connection.atRisk}
        href={licensesHref(connection, "&compliance=at-risk")}
      />
      <Figure
        connection={connection}
        label="Idle seats"
        value={connection.idleUnits}
        href={idleHref(connection)}
      />
    </dl>
  );
}

function Figure(props: Parameters<typeof ConnectionFigure>[0]) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        <ConnectionFigure {...props} />
      </dd>
    </div>
  );
}

function CardAction(props: {
  readonly connection: ConnectionItem;
  readonly startImport: StartImport | null;
}) {
  const { connection, startImport } = props;
  const action = primaryAction(connection, startImport !== null);
  if (action.kind === "link") {
    return (
      <LinkButton href={action.href} variant={action.urgent ? "filled" : "default"} size="sm">
        {action.label}
      </LinkButton>
    );
  }
  if (startImport === null) return null;
  return (
    <CommandButton
      command={startImport}
      input={{ connectionId: connection.id, trigger: "manual" }}
      goToPrefix="/imports/"
      size="sm"
    >
      Import now
    </CommandButton>
  );
}
