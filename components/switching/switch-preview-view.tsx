import { Stack, Text } from "@mantine/core";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { SwitchPreview } from "#lib/domain/switch-preview";
import type { TenantChoice } from "#lib/domain/switching";
import { EmptyState } from "../ui/empty-state.tsx";
import { countOf } from "../ui/format.ts";
import { Panel } from "../ui/panel.tsx";
import { type ParallelRunCommand, type SwitchCommand, SwitchDecision } from "./switch-decision.tsx";
import { SwitchLicenses } from "./switch-licenses.tsx";
import { SwitchTenants } from "./switch-tenants.tsx";
import { SwitchTotals } from "./switch-totals.tsx";

/** What a switch would do: totals, tenants, each license, and the decision for those who may make it. */
export function SwitchPreviewView(props: {
  readonly preview: SwitchPreview;
  readonly inForce: boolean;
  readonly choices: { readonly tenantId: string; readonly choice: TenantChoice }[];
  /** Null for those who may not decide. */
  readonly commands: {
    readonly switchSource: SwitchCommand;
    readonly startParallelRun: ParallelRunCommand;
  } | null;
}) {
  const { preview } = props;
  const { by, tenantId } = preview;
  const higher = sourceLabels[by];
  const tenantNames =
    tenantId === null
      ? Object.fromEntries(preview.tenants.map((tenant) => [tenant.tenantId, tenant.tenantName]))
      : null;
  const decidable = preview.obstacle === null || preview.obstacle.kind === "counts-disagree";
  return (
    <Stack gap="md">
      {!props.inForce && preview.tenants.length > 0 && (
        <Panel title="What the totals will be">
          <SwitchTotals before={preview.before} after={preview.after} />
        </Panel>
      )}
      {tenantId === null && (
        <Panel title="Tenants" flush>
          <SwitchTenants
            tenants={preview.tenants}
            higher={higher}
            choosable={!props.inForce && props.commands !== null}
          />
        </Panel>
      )}
      {!props.inForce && decidable && preview.tenants.length > 0 && (
        <Panel title="Decide">
          {props.commands === null ? (
            <Text size="sm">
              {tenantId === null
                ? "An owner of the workspace decides this."
                : "A connection administrator or an owner decides this."}
            </Text>
          ) : (
            <SwitchDecision
              preview={preview}
              plan={{ by, tenantId, choices: props.choices }}
              {...props.commands}
            />
          )}
        </Panel>
      )}
      <Panel title="Licenses" flush>
        <SwitchLicenses
          label="Licenses"
          rows={preview.licenses}
          tenantNames={tenantNames}
          higher={higher}
          compared
          empty={
            <EmptyState order={3} title="No license below">
              No other connector reports a license here.
            </EmptyState>
          }
        />
      </Panel>
      {preview.added.length > 0 && (
        <Panel title={`Only in ${higher}`} flush>
          <SwitchLicenses
            label={`Only in ${higher}`}
            rows={preview.added}
            tenantNames={tenantNames}
            higher={higher}
            compared={false}
            empty={null}
          />
        </Panel>
      )}
    </Stack>
  );
}

/** The finding in one sentence. */
export function switchAnswer(preview: SwitchPreview, inForce: boolean): string {
  const higher = sourceLabels[preview.by];
  const { licenses } = preview;
  const none = licenses.filter(({ counterpart }) => counterpart === null).length;
  const all = countOf(licenses.length, "license");
  if (licenses.length === 0) return `No other connector reports a license below ${higher} here.`;
  if (inForce)
    return `${higher} counts here; ${all} of the connectors below it are shown beside it.`;
  if (none === 0) return `All of ${all} below ${higher} have a counterpart in it.`;
  return `Of ${all} below ${higher} ${countOf(none, "has", "have")} no counterpart in it.`;
}
