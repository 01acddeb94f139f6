import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { createLoader, type SearchParams } from "nuqs/server";
import { WhatIsRead } from "#components/saas/what-is-read";
import { RefusedState } from "#components/ui/refused-state";
import { WizardFrame } from "#components/wizard/wizard-frame";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { hasRight } from "#lib/domain/role";
import { type SaasStep, saasStep } from "#lib/domain/saas-step";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import type { Ctx } from "#lib/services/context";
import { getOrganisation } from "#lib/services/get-organisation";
import { listOrganisations } from "#lib/services/list-organisations";
import { guidParameter } from "../../../search-params.ts";
import { loadWizardFacts } from "../wizard-facts.ts";
import { saasRailSteps } from "./rail-steps.tsx";
import { SaasStepView } from "./step-view.tsx";

export const metadata: Metadata = { title: "Connect a tenant through SaaS Management" };

const loadParams = createLoader({ organisation: guidParameter, connection: guidParameter });

const texts: Readonly<Record<SaasStep, { readonly title: string; readonly intro: string }>> = {
  method: { title: "Source and method", intro: "" },
  organisation: {
    title: "Organisation",
    intro: "Which organisation of SaaS Management is it, and what may we read it with?",
  },
  verify: {
    title: "Verify",
    intro: "Does SaaS Management let us in, and which applications does it list?",
  },
  application: {
    title: "Application and tenant",
    intro: "Which application stands for which tenant? Each becomes a connection of its own.",
  },
  "first-import": {
    title: "First import",
    intro:
      "The application is read once in full. Nothing that counts today is replaced by it: you switch when you have compared.",
  },
};

/** Connecting a tenant through SaaS Management. The step follows from stored facts (DESIGN §7 step 3c). */
export default async function SaasConnectionPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { role } = ctx.actor;
  if (!hasRight(role, "manage-connections") || !hasRight(role, "manage-credentials")) {
    return (
      <RefusedState
        code="forbidden"
        message="Connecting a tenant takes the role connection administrator or owner."
        againHref="/connections"
      />
    );
  }
  const params = await loadParams(props.searchParams);
  const facts = await loadWizardFacts(ctx, params.connection);
  const { connection } = facts;
  if (connection !== null && connection.source !== "saas-management") {
    redirect(`/connections/${connection.id}`);
  }
  const organisation = await findOrganisation(ctx, params);
  const step = saasStep({
    organisation: organisation?.status ?? null,
    connected: connection !== null,
  });
  return (
    <WizardFrame
      steps={saasRailSteps(step, organisation, connection)}
      subject={connection === null ? null : (connection.tenantName ?? connection.name)}
      title={texts[step].title}
      beside={<WhatIsRead />}
      intro={texts[step].intro}
    >
      <Stack gap="md">
        <SaasStepView ctx={ctx} step={step} organisation={organisation} facts={facts} />
      </Stack>
    </WizardFrame>
  );
}

/** The one the address names, an unknown id of which ends on the not-found page; else the one the connection reads with. */
async function findOrganisation(
  ctx: Ctx,
  {
    organisation,
    connection,
  }: { readonly organisation: string | null; readonly connection: string | null },
): Promise<OrganisationItem | null> {
  if (organisation !== null) return loadOne(getOrganisation(ctx, { organisationId: organisation }));
  if (connection === null) return null;
  const reads = ({ connections }: OrganisationItem) =>
    connections.some(({ id }) => id === connection);
  return (await listOrganisations(ctx)).find(reads) ?? null;
}
