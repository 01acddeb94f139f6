import { Stack, Text } from "@mantine/core";
import { sourceLabels } from "#lib/domain/connection-labels";
import { type SwitchPreview, unmappedLicenses } from "#lib/domain/switch-preview";
import type { TenantChoice } from "#lib/domain/switching";
import { Callout } from "../ui/callout.tsx";
import { EmptyState } from "../ui/empty-state.tsx";
import { countOf } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import { type ParallelRunCommand, type SwitchCommand, SwitchDecision } from "./switch-decision.tsx";
import { SwitchLicenses } from "./switch-licenses.tsx";
import { SwitchTenants } from "./switch-tenants.tsx";
import { SwitchTotals } from "./switch-totals.tsx";

/** What a switch would do: totals, tenants, each license, and the decision for those who may make it. */
export function SwitchPreviewView(props: {
  readonly preview: SwitchPreview;
  readonly inForce: boolean;
  /** What taking back the switch in force would do. */
  readonly undo: SwitchPreview | null;
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
  if (hasNothingToCompare(preview, props.inForce)) return null;
  return (
    <Stack gap="md">
      {!props.inForce && preview.tenants.length > 0 && (
        <Panel title="What the totals will be">
          <SwitchTotals before={preview.before} after={preview.after} />
        </Panel>
      )}
      {props.undo !== null && (
        <Panel title="What the totals will be after an undo">
          <SwitchTotals before={props.undo.before} after={props.undo.after} />
          <Text size="sm" mt="sm">
            {countOf(props.undo.changed.length, "connection")} would be computed anew; imports,
            prices and purchases stay as they are.
          </Text>
        </Panel>
      )}
      {!props.inForce && <Unmapped preview={preview} />}
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

/** Licenses whose SKU is not known are told before anything is switched. */
function Unmapped({ preview }: { readonly preview: SwitchPreview }) {
  const unmapped = unmappedLicenses(preview);
  const connections = [...new Set(unmapped.map(({ connectionId }) => connectionId))];
  if (unmapped.length === 0) return null;
  return (
    <Callout
      tone="warn"
      title={`${countOf(unmapped.length, "license")} of ${sourceLabels[preview.by]} ${unmapped.length === 1 ? "stands" : "stand"} for no known product`}
      actions={connections.slice(0, mostLinks).map((connectionId, at) => (
        <LinkButton
          key={connectionId}
          href={`/connections/${connectionId}/mapping`}
          size="sm"
          variant="default"
        >
          {connections.length === 1 ? "Choose the products" : `Choose the products, ${at + 1}`}
        </LinkButton>
      ))}
    >
      Nobody can tell which of the licenses below are replaced. Choose the products, then import
      again before you switch.
    </Callout>
  );
}

const mostLinks = 5;

/** Before its first import a source replaces nothing: totals without the others would be wrong. */
const hasNothingToCompare = ({ obstacle }: SwitchPreview, inForce: boolean): boolean =>
  !inForce && obstacle?.kind === "not-imported";

/** The finding in one sentence. */
export function switchAnswer(preview: SwitchPreview, inForce: boolean): string {
  const higher = sourceLabels[preview.by];
  const { licenses } = preview;
  const none = licenses.filter(({ counterpart }) => counterpart === null).length;
  const all = countOf(licenses.length, "license");
  if (hasNothingToCompare(preview, inForce)) {
    return `${higher} has no numbers here yet, so there is nothing to compare.`;
  }
  if (licenses.length === 0) return `No other connector reports a license below ${higher} here.`;
  if (inForce)
    return `${higher} counts here; ${all} of the connectors below it are shown beside it.`;
  if (licenses.length === 1) {
    return `The 1 license below ${higher} has ${none === 0 ? "a" : "no"} counterpart in it.`;
  }
  if (none === 0) return `All of ${all} below ${higher} have a counterpart in it.`;
  if (none === licenses.length) return `None of ${all} below ${higher} has a counterpart in it.`;
  return `Of ${all} below ${higher} ${countOf(none, "has", "have")} no counterpart in it.`;
}
