import {
  IconAlertOctagon,
  IconAlertTriangle,
  IconCircleCheck,
  IconCircleDashed,
  IconHelpCircle,
  IconInfoCircle,
  type TablerIcon,
} from "@tabler/icons-react";
import type { ConnectionStatus } from "#lib/domain/connection";
import type { ImportState, StreamState } from "#lib/domain/import";
import { complianceLabels, retiredReasonLabels } from "#lib/domain/labels";
import type { Compliance, LicenseStatus, RetiredReason } from "#lib/domain/license";
import classes from "./status-badge.module.css";
import { complianceWord, connectionWord, progressWord, type Tone } from "./words.ts";

const toneIcons: Record<Tone, TablerIcon> = {
  ok: IconCircleCheck,
  risk: IconAlertOctagon,
  warn: IconAlertTriangle,
  info: IconInfoCircle,
  quiet: IconCircleDashed,
};

/** A state as label, icon and colour, so that no one of them carries it alone. */
export function StatusBadge(props: {
  readonly label: string;
  readonly tone: Tone;
  readonly icon?: TablerIcon;
  readonly title?: string;
}) {
  const Icon = props.icon ?? toneIcons[props.tone];
  return (
    <span className={classes.badge} data-state-badge data-tone={props.tone} title={props.title}>
      <Icon size={14} stroke={2} aria-hidden />
      {props.label}
    </span>
  );
}

/** Compliance of a license, or that it is retired. */
export function ComplianceBadge(props: {
  readonly compliance: Compliance;
  readonly status: LicenseStatus;
  readonly retiredReason: RetiredReason | null;
}) {
  if (props.status === "retired") {
    const reason = props.retiredReason === null ? null : retiredReasonLabels[props.retiredReason];
    // Not counted yet is not retired: nothing ended.
    const label =
      props.retiredReason === "parallel-run" && reason !== null ? reason.label : "Retired";
    const title = label === "Retired" ? reason?.label : reason?.meaning;
    return <StatusBadge label={label} tone="quiet" {...(title === undefined ? {} : { title })} />;
  }
  const word = {
    ...complianceWord(props.compliance),
    title: complianceLabels[props.compliance].meaning,
  };
  return props.compliance === "unknown" ? (
    <StatusBadge {...word} icon={IconHelpCircle} />
  ) : (
    <StatusBadge {...word} />
  );
}

export function ConnectionBadge({ status }: { readonly status: ConnectionStatus }) {
  return <StatusBadge {...connectionWord(status)} />;
}

/** State of an import or of one of its dataset runs. */
export function ImportBadge({ state }: { readonly state: ImportState }) {
  return <StatusBadge {...progressWord(state)} />;
}

export function StreamBadge({ state }: { readonly state: StreamState }) {
  return <StatusBadge {...progressWord(state)} />;
}
