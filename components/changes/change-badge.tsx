import type { ChangeKind } from "#lib/domain/change";
import { changeLabels } from "#lib/domain/change-text";
import { StatusBadge } from "../status-badge.tsx";
import type { Tone } from "../words.ts";

const tones: Readonly<Record<ChangeKind, Tone>> = {
  "sku-gone": "warn",
  "sku-new": "info",
  "units-enabled": "info",
  "units-expiring": "info",
  "units-suspended": "info",
  "account-deleted": "quiet",
  "seat-lost": "warn",
  "account-blocked": "warn",
  "account-unblocked": "quiet",
  "account-created": "ok",
  "seat-gained": "ok",
  "account-unread": "warn",
  "account-read-again": "quiet",
};

/** What kind of change a row is. */
export function ChangeBadge({ kind }: { readonly kind: ChangeKind }) {
  const { label, meaning } = changeLabels[kind];
  return <StatusBadge label={label} tone={tones[kind]} title={meaning} />;
}
