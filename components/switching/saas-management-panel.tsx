import { Stack, Text } from "@mantine/core";
import { StatusBadge } from "../status-badge.tsx";
import { Day, Instant } from "../ui/clock.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Tone } from "../words.ts";

/** Where the hand-over of the whole workspace stands. */
export type HandOver =
  | { readonly kind: "none" }
  | { readonly kind: "parallel-run"; readonly startedBy: string; readonly switchAt: string }
  | {
      readonly kind: "in-force";
      readonly createdBy: string;
      readonly createdAt: string;
      readonly keptTenantIds: readonly string[];
    };

const states: Readonly<Record<HandOver["kind"], { readonly label: string; readonly tone: Tone }>> =
  {
    "in-force": { label: "Counts for the workspace", tone: "ok" },
    "parallel-run": { label: "Parallel run", tone: "info" },
    none: { label: "Does not count for the workspace", tone: "quiet" },
  };

/** Whether SaaS Management stands for the other connectors in the whole workspace, and the way to its switch. */
export function SaasManagementPanel(props: {
  /** Tenants it has imported. */
  readonly tenants: number;
  /** Connections of the other sources with numbers. */
  readonly below: number;
  readonly state: HandOver;
}) {
  const { tenants, below, state } = props;
  return (
    <Panel title="SaaS Management" beside={<StatusBadge {...states[state.kind]} />}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {tenants === 0
            ? "No tenant is imported through SaaS Management. Nothing is retired before one is."
            : `${countOf(tenants, "tenant is", "tenants are")} imported through SaaS Management. ${countOf(below, "connection of another connector reports", "connections of other connectors report")} Microsoft 365 licenses.`}
        </Text>
        <Standing state={state} />
        {(tenants > 0 || state.kind !== "none") && (
          <LinkButton href="/settings/integrations/saas-management" size="sm" variant="default">
            {state.kind === "in-force" ? "See the switch" : "Preview the switch"}
          </LinkButton>
        )}
      </Stack>
    </Panel>
  );
}

function Standing({ state }: { readonly state: HandOver }) {
  switch (state.kind) {
    case "none":
      return null;
    case "parallel-run":
      return (
        <Text size="sm">
          Both are shown and one counts. SaaS Management counts from{" "}
          <Day day={state.switchAt.slice(0, 10)} /> on, as <bdi>{state.startedBy}</bdi> asked.
        </Text>
      );
    case "in-force":
      return (
        <Text size="sm">
          Switched by <bdi>{state.createdBy}</bdi> <Instant at={state.createdAt} tabbable />.{" "}
          {state.keptTenantIds.length === 0
            ? "It stands for the other connectors in every tenant."
            : `It stands for the other connectors in every tenant but ${formatNumber(state.keptTenantIds.length)}, which ${state.keptTenantIds.length === 1 ? "was" : "were"} kept.`}
        </Text>
      );
    default:
      return state satisfies never;
  }
}
