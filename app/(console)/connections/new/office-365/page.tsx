import { Group, Stack, Text } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { createLoader, type SearchParams } from "nuqs/server";
import { DeprecatedBadge } from "#components/packages/deprecated-badge";
import { PackageContents } from "#components/packages/package-contents";
import { PackageTenantForm } from "#components/packages/package-tenant-form";
import { LinkButton, TextLink } from "#components/ui/link";
import { RefusedState } from "#components/ui/refused-state";
import type { RailStep } from "#components/wizard/progress-rail";
import { WizardFrame } from "#components/wizard/wizard-frame";
import { cloudLabels, sourceLabels } from "#lib/domain/connection-labels";
import { type PackageStep, packageStep, packageSteps } from "#lib/domain/package-step";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { guidParameter } from "../../../search-params.ts";
import { createPackageConnectionAction } from "../../package-actions.ts";
import { PackagesView } from "../../packages-view.tsx";
import { FirstImport } from "../first-import.tsx";
import { loadWizardFacts, type WizardFacts } from "../wizard-facts.ts";

export const metadata: Metadata = { title: "Connect a tenant by packages (deprecated)" };

const loadParams = createLoader({ connection: guidParameter });

const texts: Readonly<Record<PackageStep, { readonly title: string; readonly intro: string }>> = {
  method: { title: "Source and method", intro: "" },
  tenant: {
    title: "Tenant and cloud",
    intro: "What is the connection called, and which tenant are its packages of?",
  },
  package: {
    title: "Export package",
    intro:
      "The first package that is sound is the verification: it is checked byte by byte against its own manifest, then imported.",
  },
  "first-import": {
    title: "First import",
    intro: "Nothing is shown elsewhere until the package was read to its end.",
  },
};

/** Connecting a tenant by the deprecated connector. The step follows from stored facts (DESIGN §7 step 3c). */
export default async function PackageConnectionPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  if (!hasRight(ctx.actor.role, "manage-connections")) {
    return (
      <RefusedState
        code="forbidden"
        message="Connecting a tenant takes the role connection administrator or owner."
        againHref="/connections"
      />
    );
  }
  const { connection: connectionId } = await loadParams(props.searchParams);
  const facts = await loadWizardFacts(ctx, connectionId);
  const { connection } = facts;
  if (connection !== null && !isMadeHere(connection)) redirect(`/connections/${connection.id}`);
  const step = packageStep(connection?.connectFacts ?? null);
  return (
    <WizardFrame
      steps={railSteps(step, connection)}
      subject={connection === null ? null : (connection.tenantName ?? connection.name)}
      title={texts[step].title}
      beside={<PackageContents />}
      intro={
        <Stack gap={6} align="flex-start">
          <DeprecatedBadge />
          <span>{texts[step].intro}</span>
          <span>
            Where this console reaches Microsoft, no collector is needed:{" "}
            {connection === null ? (
              <TextLink href="/connections/new" underline="always">
                use the Microsoft 365 connector
              </TextLink>
            ) : (
              <TextLink href={`/connections/${connection.id}/move`} underline="always">
                move to the Microsoft 365 connector
              </TextLink>
            )}
            .
          </span>
        </Stack>
      }
    >
      <StepView ctx={ctx} facts={facts} />
    </WizardFrame>
  );
}

const isMadeHere = ({ source, status }: ConnectionDetail): boolean =>
  source === "office-365-deprecated" && status !== "disconnected";

async function StepView({ ctx, facts }: { readonly ctx: Ctx; readonly facts: WizardFacts }) {
  const { connection, lastImport } = facts;
  if (connection === null) return <PackageTenantForm create={createPackageConnectionAction} />;
  if (lastImport === null) return <PackagesView ctx={ctx} connection={connection} arrival={null} />;
  const over = lastImport.finishedAt !== null;
  const published = connection.connectFacts.firstImport === "published";
  return (
    <Stack gap="md">
      <FirstImport ctx={ctx} connection={connection} lastImport={lastImport} startImport={null} />
      {over && !published && <PackagesView ctx={ctx} connection={connection} arrival={null} />}
      {published && (
        <Group>
          <LinkButton href={`/connections/${connection.id}`} variant="default">
            Packages and tokens of this connection
          </LinkButton>
          <Text size="sm" c="dimmed">
            The next package is uploaded there.
          </Text>
        </Group>
      )}
    </Stack>
  );
}

const labels: Readonly<Record<PackageStep, string>> = {
  method: "Source and method",
  tenant: "Tenant and cloud",
  package: "Export package",
  "first-import": "First import",
};

const railSteps = (due: PackageStep, connection: ConnectionDetail | null): readonly RailStep[] =>
  packageSteps.map((step, index) => ({
    name: step,
    label: labels[step],
    state:
      step === due ? "current" : index < packageSteps.indexOf(due) ? "done" : ("ahead" as const),
    answer: answerOf(step, connection),
    href: step === "method" && connection === null ? "/connections/new" : null,
  }));

function answerOf(step: PackageStep, connection: ConnectionDetail | null) {
  switch (step) {
    case "method":
      return sourceLabels["office-365-deprecated"];
    case "tenant":
      return connection === null ? null : (
        <>
          <bdi>{connection.name}</bdi>
          {`, ${connection.tenantId}, ${cloudLabels[connection.cloud]}`}
        </>
      );
    case "package":
    case "first-import":
      return null;
    default:
      return step satisfies never;
  }
}
