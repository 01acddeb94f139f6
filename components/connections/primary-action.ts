import { importableStatuses } from "#lib/domain/connection";
import type { ConnectionItem } from "#lib/domain/connection-item";
import type { ImportTrigger } from "#lib/domain/import";
import { repairHref, repairOf } from "#lib/domain/repair";
import type { Command } from "../ui/use-command.ts";

export type StartImport = Command<
  { readonly connectionId: string; readonly trigger: ImportTrigger },
  { readonly id: string }
>;

export type PrimaryAction =
  | { readonly kind: "import" }
  | {
      readonly kind: "link";
      readonly label: string;
      readonly href: string;
      readonly urgent: boolean;
    };

const link = (label: string, href: string, urgent: boolean): PrimaryAction => ({
  kind: "link",
  label,
  href,
  urgent,
});

const repairPlace = ({ id, source, method, problem, schedule }: ConnectionItem): string => {
  const wasReady = schedule !== null;
  if (problem === null) return `/connections/${id}`;
  return repairHref(id, repairOf({ source, method, problem, wasReady }), wasReady);
};

/** The one action that fits a connection's state: go on, decide, repair, watch, import, or just view. */
export const primaryAction = (connection: ConnectionItem, mayImport: boolean): PrimaryAction => {
  const page = `/connections/${connection.id}`;
  const { status, heldImportId, lastImport } = connection;
  if (status === "draft" || status === "awaiting-consent") {
    return link("Continue connecting", `/connections/new?connection=${connection.id}`, true);
  }
  if (heldImportId !== null)
    return link("Review the held import", `/imports/${heldImportId}`, true);
  if (lastImport !== null && (lastImport.state === "running" || lastImport.state === "queued")) {
    return link("Watch the import", `/imports/${lastImport.id}`, false);
  }
  if (status === "action-needed") return link("Repair", repairPlace(connection), true);
  if (connection.source === "office-365-deprecated") {
    return link(mayImport ? "Upload a package" : "View", page, false);
  }
  if (mayImport && importableStatuses.includes(status)) return { kind: "import" };
  return link("View", page, false);
};
