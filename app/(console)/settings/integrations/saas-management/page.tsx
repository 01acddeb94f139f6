import { Stack } from "@mantine/core";
import type { Metadata } from "next";
import { createLoader, parseAsArrayOf, type SearchParams } from "nuqs/server";
import { SwitchPreviewView, switchAnswer } from "#components/switching/switch-preview-view";
import { PageHeader } from "#components/ui/page-header";
import { hasRight } from "#lib/domain/role";
import { choicesOf } from "#lib/domain/switching";
import { requireContext } from "#lib/server/session";
import { getSwitchPreview } from "#lib/services/get-switch-preview";
import { guidParameter } from "../../../search-params.ts";
import { SwitchStates } from "../../../switch-states.tsx";
import { startParallelRunAction, switchSourceAction } from "../../../switching-actions.ts";

export const metadata: Metadata = { title: "SaaS Management" };

const loadChoices = createLoader({
  keep: parseAsArrayOf(guidParameter).withDefault([]),
  retire: parseAsArrayOf(guidParameter).withDefault([]),
});

/** Lets SaaS Management stand for both other connectors in the whole workspace. */
export default async function SaasManagementPage(props: {
  readonly searchParams: Promise<SearchParams>;
}) {
  const { ctx } = await requireContext();
  const { keep, retire } = await loadChoices(props.searchParams);
  const asked = choicesOf({ keptTenantIds: keep, retiredTenantIds: retire });
  const view = await getSwitchPreview(ctx, { by: "saas-management", choices: [...asked] });
  const may = hasRight(ctx.actor.role, "manage-integrations");
  const inForce = view.inForce !== null;
  return (
    <Stack gap="md">
      <PageHeader
        crumbs={[{ label: "Integrations", href: "/settings/integrations" }]}
        title="SaaS Management"
        answer={switchAnswer(view.preview, inForce)}
      />
      <SwitchStates
        view={view}
        where={null}
        may={may}
        connectHref="/connections/new/saas-management"
      />
      <SwitchPreviewView
        preview={view.preview}
        inForce={inForce}
        undo={view.undo}
        choices={view.preview.tenants.flatMap(({ tenantId, choice }) =>
          choice === null ? [] : [{ tenantId, choice }],
        )}
        commands={
          may
            ? { switchSource: switchSourceAction, startParallelRun: startParallelRunAction }
            : null
        }
      />
    </Stack>
  );
}
