"use client";
import { Anchor, Checkbox, Group, List, Text } from "@mantine/core";
import { useLocalStorage } from "@mantine/hooks";
import { IconExternalLink } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { permissions } from "#lib/domain/connection";
import type { PortalLinks } from "#lib/domain/portal-links";
import { CopyValue } from "../ui/copy-value.tsx";
import classes from "./portal-checklist.module.css";

/** The name that is suggested for the registration and its credential. */
const suggestedName = "Seatledger";

/** The way through Microsoft's portal in words, with a link to each page; ticks are kept in this browser. */
export function PortalChecklist(props: {
  readonly connectionId: string;
  readonly links: PortalLinks;
}) {
  const { links } = props;
  const [done, setDone] = useLocalStorage<readonly string[]>({
    key: `portal-steps:${props.connectionId}`,
    defaultValue: [],
  });
  const step = (name: string) => ({
    done: done.includes(name),
    onToggle: (checked: boolean) =>
      setDone(checked ? [...done, name] : done.filter((each) => each !== name)),
  });
  return (
    <ol className={classes.steps}>
      <Step title="Register an app" {...step("register")}>
        <Page href={links.registrations}>App registrations</Page>, then “New registration”.
        <List size="sm" mt={4}>
          <List.Item>
            <Group gap={6}>
              Name: <CopyValue value={suggestedName} label="the name" />
            </Group>
          </List.Item>
          <List.Item>
            Supported account types: this organizational directory only (single tenant).
          </List.Item>
          <List.Item>Redirect URI: leave it empty. Nobody signs in to this app.</List.Item>
        </List>
      </Step>
      <Step title="Copy the application (client) ID" {...step("client")}>
        <Page href={links.overview}>Overview of the app</Page> shows it below the name. Enter it
        below: the links to the next pages then lead to this very app.
      </Step>
      <Step title="Add the permissions" {...step("permissions")}>
        <Page href={links.permissions}>API permissions</Page>, “Add a permission”, Microsoft Graph,
        then <strong>Application permissions</strong> (delegated ones do not work without a person).
        <ul className={classes.names}>
          {permissions.map(({ name, mandatory, gives }) => (
            <li key={name}>
              <CopyValue value={name} label={name} />
              <Text size="xs" c="dimmed">
                {mandatory ? "Mandatory" : "Optional"}: {gives}
              </Text>
            </li>
          ))}
        </ul>
      </Step>
      <Step title="Have them approved" {...step("approve")}>
        On the same page: “Grant admin consent”. It takes a Global Administrator or Privileged Role
        Administrator; a role that is only eligible has to be activated first.
      </Step>
      <Step title="Create a credential" {...step("credential")}>
        <Page href={links.credentials}>Certificates &amp; secrets</Page>, one of these:
        <List size="sm" mt={4}>
          <List.Item>
            “New client secret”. Copy the column <strong>Value</strong> at once, it is shown only
            this time; the column “Secret ID” is no secret. Note when it expires.
          </List.Item>
          <List.Item>
            “Certificates”, “Upload certificate”: the public part of a certificate, made here below
            or your own.
          </List.Item>
        </List>
      </Step>
    </ol>
  );
}

function Step(props: {
  readonly title: string;
  readonly done: boolean;
  readonly onToggle: (checked: boolean) => void;
  readonly children: ReactNode;
}) {
  return (
    <li>
      <Checkbox
        label={props.title}
        checked={props.done}
        onChange={(event) => props.onToggle(event.currentTarget.checked)}
        classNames={{ label: classes.title ?? "" }}
      />
      <Text size="sm" component="div" className={classes.body}>
        {props.children}
      </Text>
    </li>
  );
}

function Page(props: { readonly href: string; readonly children: ReactNode }) {
  return (
    <Anchor href={props.href} target="_blank" rel="noreferrer" inherit underline="always">
      {props.children}
      <IconExternalLink size={13} aria-label="(opens in a new tab)" className={classes.external} />
    </Anchor>
  );
}
