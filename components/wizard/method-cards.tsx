import { Button, Text, Title } from "@mantine/core";
import { IconArrowRight } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { type Cloud, clouds } from "#lib/domain/connection";
import { cloudLabels } from "#lib/domain/connection-labels";
import { StatusBadge } from "../status-badge.tsx";
import { LinkButton, TextLink } from "../ui/link.tsx";
import type { Tone } from "../words.ts";
import classes from "./wizard.module.css";

interface MethodCard {
  readonly id: string;
  readonly source: string;
  readonly title: string;
  /** The title within a sentence. */
  readonly spoken: string;
  readonly who: string;
  readonly needs: string;
  readonly gives: string;
}

const multiTenantApp: MethodCard = {
  id: "multi-tenant-app",
  source: "Microsoft 365",
  title: "Multi-tenant app",
  spoken: "the multi-tenant app",
  who: "A Global Administrator or Privileged Role Administrator of the tenant.",
  needs:
    "One approval at Microsoft and one sign-in. Nothing to register, no secret to keep or renew.",
  gives: "Subscriptions, accounts, assignments, groups, sign-ins and usage reports.",
};

const registeredApp: MethodCard = {
  id: "registered-app",
  source: "Microsoft 365",
  title: "Registered app",
  spoken: "a registered app",
  who: "Someone who may register apps in the tenant, and an administrator who approves its permissions.",
  needs:
    "An app registration of your own with a client secret or certificate, renewed before it expires.",
  gives: "The same as the multi-tenant app, under a registration that you control.",
};

const deprecatedConnector: MethodCard = {
  id: "office-365-deprecated",
  source: "Microsoft Office 365 (deprecated)",
  title: "PowerShell connector",
  spoken: "the PowerShell connector",
  who: "Someone who may run a PowerShell script with an app registration of the tenant.",
  needs:
    "An export package of our collector, uploaded here or by the collector itself; or the CSV files of the old MSOnline scripts.",
  gives: "Units, accounts and assignments, and sign-ins where collected, as of the collection.",
};

const saasManagement: MethodCard = {
  id: "saas-management",
  source: "SaaS Management",
  title: "SaaS Management",
  spoken: "SaaS Management",
  who: "Someone who may view SaaS Management in your organisation at Flexera.",
  needs:
    "A refresh token or a service account of that organisation, once for all the tenants it manages.",
  gives: "Terms and users as SaaS Management has them, in place of both Microsoft 365 sources.",
};

/** Where the data comes from and how it is authorised: who can do it, what it needs, what it gives. */
export function MethodCards(props: {
  /** Where the multi-tenant app leads; null when this installation has none in any cloud. */
  readonly multiTenantHref: string | null;
  /** Clouds in which it has a registration of that app. */
  readonly multiTenantClouds: readonly Cloud[];
  /** Where the registered app leads. */
  readonly registeredHref: string;
}) {
  return (
    <div className={classes.cards}>
      <Card
        method={multiTenantApp}
        href={props.multiTenantHref}
        word={props.multiTenantHref === null ? "Not set up" : "Recommended"}
      >
        {props.multiTenantHref === null
          ? "This installation has no multi-tenant app: whoever runs it has to set MULTI_TENANT_APP_CLIENT_ID."
          : props.multiTenantClouds.length < clouds.length &&
            `Set up here for ${props.multiTenantClouds.map((cloud) => cloudLabels[cloud]).join(", ")}. Each cloud needs a registration of its own; in the others, use a registered app.`}
      </Card>
      <Card method={registeredApp} href={props.registeredHref} word="Under your control">
        Scripts can do the same through the API:{" "}
        <TextLink href="/api/v1/openapi.json" underline="always">
          API description
        </TextLink>
        .
      </Card>
      <Card
        method={deprecatedConnector}
        href="/connections/new/office-365"
        word="Deprecated"
        tone="warn"
      >
        A tenant connected through the multi-tenant app does not need it.
      </Card>
      <Card
        method={saasManagement}
        href="/connections/new/saas-management"
        word="Instead of both others"
        tone="info"
      >
        What counts today goes on counting until you have compared and switched.
      </Card>
    </div>
  );
}

function Card(props: {
  readonly method: MethodCard;
  readonly href: string | null;
  readonly word: string;
  readonly tone?: Tone;
  readonly children: ReactNode;
}) {
  const { method, href } = props;
  const available = href !== null;
  const reason = `${method.id}-reason`;
  return (
    <article className={classes.card} data-available={available} aria-label={method.title}>
      <div>
        <Text size="sm" c="dimmed">
          {method.source}
        </Text>
        <Title order={3} mb={6}>
          {method.title}
        </Title>
        <StatusBadge label={props.word} tone={props.tone ?? (available ? "ok" : "quiet")} />
      </div>
      <dl>
        <Fact name="Who can do it">{method.who}</Fact>
        <Fact name="What it needs">{method.needs}</Fact>
        <Fact name="What it gives">{method.gives}</Fact>
      </dl>
      <Text size="sm" c="dimmed" id={reason} component="div">
        {props.children}
      </Text>
      {available ? (
        <LinkButton
          href={href}
          rightSection={<IconArrowRight size={16} aria-hidden />}
          classNames={{ root: classes.choose ?? "", label: classes.chooseLabel ?? "" }}
        >
          Use {method.spoken}
        </LinkButton>
      ) : (
        <Button disabled variant="default" aria-describedby={reason}>
          Use {method.spoken}
        </Button>
      )}
    </article>
  );
}

function Fact(props: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div>
      <dt>{props.name}</dt>
      <dd>{props.children}</dd>
    </div>
  );
}
