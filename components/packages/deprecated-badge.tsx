import { StatusBadge } from "../status-badge.tsx";

/** Stands on every page of the deprecated connector. */
export function DeprecatedBadge() {
  return (
    <StatusBadge
      label="Deprecated"
      tone="warn"
      title="For tenants that still collect by PowerShell and for closed networks. Microsoft 365 connections read more and need no collector."
    />
  );
}
