import { Text } from "@mantine/core";
import type { ReactNode } from "react";
import { consentGap, grantedNames } from "#lib/domain/consent-gap";
import type { PermissionItem } from "#lib/domain/verification-item";
import { StatusBadge } from "../status-badge.tsx";
import { Instant } from "../ui/clock.tsx";
import classes from "./checks.module.css";

/** Every permission we ask for: granted or not, what it gives, and what is missing without it. */
export function PermissionsList(props: {
  readonly permissions: readonly PermissionItem[];
  /** What is not there may still be on its way from the consent. */
  readonly arriving?: boolean;
}) {
  const { permissions, arriving = false } = props;
  return (
    <ul className={classes.checks}>
      {permissions.map((permission) => (
        <li key={permission.name}>
          <div>
            <Text size="sm" ff="monospace" className="wrap-anywhere">
              {permission.name}
            </Text>
            <Text size="sm" c="dimmed">
              {permission.mandatory ? "Mandatory" : "Optional"} ·{" "}
              {permission.granted || arriving ? permission.gives : `Missing: ${permission.without}`}
            </Text>
          </div>
          <StatusBadge {...badgeOf(permission, arriving)} />
        </li>
      ))}
    </ul>
  );
}

const badgeOf = ({ granted, mandatory }: PermissionItem, arriving: boolean) => {
  if (granted) return { label: "Granted", tone: "ok" } as const;
  if (arriving) return { label: "Not there yet", tone: "info" } as const;
  return mandatory
    ? ({ label: "Missing", tone: "risk" } as const)
    : ({ label: "Not granted (optional)", tone: "warn" } as const);
};

/** The consent a connection rests on. */
export interface ConsentFacts {
  /** What it was asked for; null for an app of the customer's. */
  readonly asked: readonly string[] | null;
  /** ISO UTC. */
  readonly at: string | null;
}

/** What is asked for today against what the consent was asked for and what is granted: each in a group of its own. */
export function PermissionsByConsent(props: {
  /** As verified. */
  readonly permissions: readonly PermissionItem[];
  readonly consent: ConsentFacts;
  /** The step that brings what is missing. */
  readonly fix?: ReactNode;
}) {
  const { permissions, consent } = props;
  const gap = consentGap({ asked: consent.asked, granted: grantedNames(permissions) });
  const itemOf = (wanted: (typeof gap.added)[number]): PermissionItem => ({
    ...wanted,
    granted: false,
  });
  return (
    <>
      <Permissions title="New since the consent" permissions={gap.added.map(itemOf)}>
        Asked for today, and not when the administrator approved
        {consent.at !== null && (
          <>
            {" "}
            (<Instant at={consent.at} />)
          </>
        )}
        . What works now goes on working without it.
      </Permissions>
      <Permissions
        title={consent.asked === null ? "Not granted" : "Asked for and not granted"}
        permissions={gap.missing.map(itemOf)}
      >
        {consent.asked === null
          ? "The app does not have these, or nobody granted admin consent for them."
          : "The administrator was asked for these. They were left out, or taken away since."}
      </Permissions>
      {gap.added.length + gap.missing.length > 0 && props.fix}
      <Permissions title="Granted" permissions={permissions.filter(({ granted }) => granted)} />
    </>
  );
}

function Permissions(props: {
  readonly title: string;
  readonly permissions: readonly PermissionItem[];
  readonly children?: ReactNode;
}) {
  if (props.permissions.length === 0) return null;
  return (
    <section aria-label={props.title}>
      <Text size="sm" fw={600}>
        {props.title}
      </Text>
      {props.children !== undefined && (
        <Text size="sm" c="dimmed">
          {props.children}
        </Text>
      )}
      <PermissionsList permissions={props.permissions} />
    </section>
  );
}
