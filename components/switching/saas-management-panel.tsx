import { Stack, Text } from "@mantine/core";
import { StatusBadge } from "../status-badge.tsx";
import { countOf } from "../ui/format.ts";
import { LinkButton } from "../ui/link.tsx";
import { Panel } from "../ui/panel.tsx";
import type { Tone } from "../words.ts";

const states: Readonly<
  Record<"in-force" | "parallel-run" | "none", { readonly label: string; readonly tone: Tone }>
> = {
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
  readonly state: keyof typeof states;
}) {
  const { tenants, below, state } = props;
  return (
    <Panel title="SaaS Management" beside={<StatusBadge {...states[state]} />}>
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          {tenants === 0
            ? "No tenant is imported through SaaS Management. Nothing is retired before one is."
            : `${countOf(tenants, "tenant is", "tenants are")} imported through SaaS Management. ${countOf(below, "connection of another connector reports", "connections of other connectors report")} Microsoft 365 licenses.`}
        </Text>
        {(tenants > 0 || state !== "none") && (
          <LinkButton href="/settings/integrations/saas-management" size="sm" variant="default">
            {state === "in-force" ? "See the switch" : "Preview the switch"}
          </LinkButton>
        )}
      </Stack>
    </Panel>
  );
}
