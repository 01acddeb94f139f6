import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { cloudLabels, methodLabels, sourceLabels } from "#lib/domain/connection-labels";
import type { ConnectionItem } from "#lib/domain/read-models";
import classes from "../licenses/why-panel.module.css";
import { Instant } from "../ui/clock.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import { CredentialExpiry } from "./credential-expiry.tsx";

/** What the connection is: name, tenant, source, method, cloud, credential, who made it. */
export function ConnectionFacts({ connection }: { readonly connection: ConnectionItem }) {
  const facts: readonly (readonly [string, ReactNode])[] = [
    ["Name", <bdi key="name">{connection.name}</bdi>],
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
    ["Method", connection.method === null ? "Not chosen yet" : methodLabels[connection.method]],
    ["Cloud", cloudLabels[connection.cloud]],
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
        "Held by Seatledger; nothing expires here"
      ) : (
        <CredentialExpiry key="credential" credential={connection.credential} />
      ),
    ],
    [
      "Created",
      <Text key="created" inherit span>
        <Instant at={connection.createdAt} /> by <bdi>{connection.createdBy}</bdi>
      </Text>,
    ],
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
