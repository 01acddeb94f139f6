import type { OrganisationStatus } from "#lib/domain/saas-organisation";
import { StatusBadge } from "../status-badge.tsx";
import type { Tone } from "../words.ts";

const words: Readonly<Record<OrganisationStatus, { readonly label: string; readonly tone: Tone }>> =
  {
    checking: { label: "Verifying", tone: "info" },
    unverified: { label: "Not verified", tone: "warn" },
    ready: { label: "Verified", tone: "ok" },
    "action-needed": { label: "Action needed", tone: "risk" },
  };

export const OrganisationBadge = ({ status }: { readonly status: OrganisationStatus }) => (
  <StatusBadge {...words[status]} />
);
