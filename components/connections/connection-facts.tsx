import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { cloudLabels, methodLabels, sourceLabels } from "#lib/domain/connection-labels";
import { type SaasRegion, saasRegionLabels } from "#lib/domain/saas-organisation";
import classes from "../licenses/why-panel.module.css";
import { Instant } from "../ui/clock.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import { TextLink } from "../ui/link.tsx";
import { CredentialExpiry } from "./credential-expiry.tsx";
import type { SameTenant } from "./disconnected-callout.tsx";

type Fact = readonly [string, ReactNode];

/** A connection without a credential of the customer's: the multi-tenant app's is the installation's. */
const withoutCredential = ({ method, disconnected }: ConnectionItem): string => {
  if (method !== "registered-app") return "Held by Seatledger; nothing expires here";
  return disconnected === null ? "None in use yet" : "Erased when it was disconnected";
};

/** How Microsoft lets us in. */
const accessOf = (connection: ConnectionItem): readonly Fact[] => [
  ["Method", connection.method === null ? "Not chosen yet" : methodLabels[connection.method]],
  [
    "Client id",
    connection.clientId === null ? (
      "Seatledger's own app"
    ) : (
      <CopyValue key="client" value={connection.clientId} label="the client id" />
    ),
  ],
  [
    "Credential",
    connection.credential === null ? (
      withoutCredential(connection)
    ) : (
      <CredentialExpiry
        key="credential"
        credential={connection.credential}
        problem={connection.problem}
      />
    ),
  ],
];

/** Microsoft's; an organisation of SaaS Management has a region instead. */
const cloudOf = ({ source, cloud }: ConnectionItem): readonly Fact[] =>
  source === "saas-management" ? [] : [["Cloud", cloudLabels[cloud]]];

/** An application of SaaS Management that stands for the tenant. */
interface Application {
  readonly organisationId: string;
  readonly organisationName: string;
  readonly region: SaasRegion;
  readonly orgId: string;
  readonly managedAppId: string;
  readonly name: string | null;
}

/** What is read at SaaS Management. */
const readingOf = (application: Application): readonly Fact[] => [
  [
    "Organisation",
    <TextLink
      key="organisation"
      href={`/settings/integrations#${application.organisationId}`}
      inherit
    >
      <bdi>{application.organisationName}</bdi>
      {` (${saasRegionLabels[application.region]}, no. ${application.orgId})`}
    </TextLink>,
  ],
  [
    "Application",
    <span key="application">
      <bdi>{application.name ?? "Not listed by the organisation"}</bdi>
      {`, no. ${application.managedAppId}`}
    </span>,
  ],
  ["Credential", "The organisation's, shared by all its connections"],
];

/** What the connection is: name, tenant, source, method, cloud, credential, who made it. */
export function ConnectionFacts({
  connection,
}: {
  readonly connection: ConnectionItem & {
    readonly sameTenant: readonly SameTenant[];
    readonly application: Application | null;
  };
}) {
  const former = connection.sameTenant.filter(({ disconnectedAt }) => disconnectedAt !== null);
  const facts: readonly Fact[] = [
    ["Name", <bdi key="name">{connection.name}</bdi>],
    ["Enterprise", <bdi key="enterprise">{connection.enterprise ?? "None entered"}</bdi>],
    ["Domain", connection.tenantDomain ?? "Not known yet"],
    [
      "Tenant id",
      connection.tenantId === null ? (
        "Not proven yet"
      ) : (
        <CopyValue key="tenant" value={connection.tenantId} label="the tenant id" />
      ),
    ],
    ["Source", sourceLabels[connection.source]],
    ...cloudOf(connection),
    ...(connection.source === "microsoft-365" ? accessOf(connection) : []),
    ...(connection.application === null ? [] : readingOf(connection.application)),
    [
      "Created",
      <Text key="created" inherit span>
        <Instant at={connection.createdAt} /> by <bdi>{connection.createdBy}</bdi>
      </Text>,
    ],
    ...(former.length === 0
      ? []
      : [["Connected before", <FormerConnections key="former" former={former} />] as const]),
  ];
  return (
    <dl className={classes.list}>
      {facts.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd className="wrap-anywhere">{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Earlier connections of the tenant: their history stays with them. */
function FormerConnections({ former }: { readonly former: readonly SameTenant[] }) {
  return former.map(({ id, name, disconnectedAt }, index) => (
    <Text key={id} inherit span>
      {index > 0 && ", "}
      <TextLink href={`/connections/${id}`} inherit>
        <bdi>{name}</bdi>
      </TextLink>
      {disconnectedAt !== null && (
        <>
          {" until "}
          <Instant at={disconnectedAt} />
        </>
      )}
    </Text>
  ));
}
