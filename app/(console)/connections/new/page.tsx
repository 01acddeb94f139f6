import type { Metadata } from "next";
import { redirect } from "next/navigation";
import type { SearchParams } from "nuqs/server";
import { RefusedState } from "#components/ui/refused-state";
import { WizardFrame } from "#components/wizard/wizard-frame";
import { hasRight } from "#lib/domain/role";
import { requireContext } from "#lib/server/session";
import { railSteps } from "./rail-steps.tsx";
import { loadWizardParams } from "./search-params.ts";
import { stepTexts, WizardStepView } from "./step-view.tsx";
import { loadWizardFacts, type WizardFacts } from "./wizard-facts.ts";
import { wizardPosition } from "./wizard-position.ts";

export const metadata: Metadata = { title: "Connect a tenant" };

/** Connecting a tenant. The step follows from stored facts and the address, so every way back leads here (DESIGN §7). */
export default async function NewConnectionPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx, workspace } = await requireContext();
  if (!hasRight(ctx.actor.role, "manage-connections")) {
    return (
      <RefusedState
        code="forbidden"
        message="Connecting a tenant takes the role connection administrator or owner."
        againHref="/connections"
      />
    );
  }
  const params = await loadWizardParams(props.searchParams);
  const facts = await loadWizardFacts(ctx, params.connection);
  const { connection, verification } = facts;
  if (connection !== null && !isMadeHere(connection)) redirect(elsewhere(connection));
  if (connection !== null && isRepaired(facts)) redirect(`/connections/${connection.id}`);
  const position = wizardPosition(connection?.connectFacts ?? null, verification, {
    chosen: params.method !== null,
    step: params.step,
  });
  const method = params.method ?? connection?.method ?? "multi-tenant-app";
  const text = stepTexts[position.shown];
  return (
    <WizardFrame
      steps={railSteps(connection, verification, position, method)}
      subject={connection === null ? null : (connection.tenantName ?? connection.name)}
      title={text.title}
      intro={text.intro}
    >
      <WizardStepView
        ctx={ctx}
        workspaceName={workspace.name}
        facts={facts}
        step={position.shown}
        method={method}
      />
    </WizardFrame>
  );
}

/** The administrator came back for a connection that had worked before: how that ends is shown on its own page. */
const isRepaired = ({ connection, verification, lastImport }: WizardFacts): boolean =>
  connection?.connectFacts.firstImport === "published" &&
  verification?.kind === "proof" &&
  lastImport !== null &&
  verification.createdAt > lastImport.createdAt;

/** The deprecated connector has steps of its own. */
const elsewhere = ({ id, source }: { readonly id: string; readonly source: string }): string =>
  source === "office-365-deprecated"
    ? `/connections/new/office-365?connection=${id}`
    : `/connections/${id}`;

/** The wizard makes connections to Microsoft 365; every other one is looked after on its own page. */
const isMadeHere = (connection: { readonly source: string; readonly status: string }): boolean =>
  connection.source === "microsoft-365" && connection.status !== "disconnected";
