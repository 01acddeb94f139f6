import { never, upstream } from "#lib/http/failures";
import type { UsageRow } from "#lib/import/ports";
import { cleanText, type Notes, parseInstant } from "./clean.ts";
import { archiveColumn, type ReportSpec, refreshColumn, storageColumn } from "./report-catalog.ts";

/** Reads the cells of one report by header name. */
export interface RowReader {
  /** The row, or null for one that is left out: deleted, `(Unknown)` or without a name. */
  read(cells: readonly string[], notes: Notes): UsageRow | null;
  /** Report Refresh Date of the row, `YYYY-MM-DD`, null when it has none. */
  refreshedOn(cells: readonly string[], notes: Notes): string | null;
}

/**
 * Finds the columns. Order, extra columns and case of the header do not matter.
 * @throws UpstreamError `report-missing-column` naming the first needed column that is not there, `report-malformed`
 * when none is: then it is no report at all.
 */
export function createRowReader(header: readonly string[], spec: ReportSpec): RowReader {
  const names = header.map((name) => name.trim());
  const index = new Map(names.map((name, at) => [name.toLowerCase(), at]));
  const missing = spec.neededColumns.filter((column) => !index.has(column.toLowerCase()));
  if (missing.length === spec.neededColumns.length) {
    throw upstream("report-malformed", never, { facts: { reason: "header" } });
  }
  if (missing[0] !== undefined) {
    throw upstream("report-missing-column", never, { facts: { column: missing[0] } });
  }
  /** Reads one column; empty when the file does not have it. */
  const column = (name: string): ((cells: readonly string[]) => string) => {
    const at = index.get(name.toLowerCase());
    return at === undefined ? () => "" : (cells) => cells[at]?.trim() ?? "";
  };
  const refresh = column(refreshColumn);
  const user = column(spec.userColumn);
  const deleted = spec.deletedColumn ? column(spec.deletedColumn) : null;
  const storage = spec.storage ? column(storageColumn) : null;
  const archive = spec.storage ? column(archiveColumn) : null;
  const activities = names
    .filter((name) => spec.activityColumns?.test(name))
    .map((name) => ({ name, read: column(name) }));

  return {
    refreshedOn: (cells, notes) => dayOf(refresh(cells), refreshColumn, notes),
    read: (cells, notes) => {
      if (deleted && truth(deleted(cells)) === true) return null;
      const name = cleanText(user(cells), spec.userColumn, notes) ?? "";
      if (name === "" || name.toLowerCase() === "(unknown)") return null;
      let lastActivityOn: string | null = null;
      for (const activity of activities) {
        const day = dayOf(activity.read(cells), activity.name, notes);
        if (day !== null && (lastActivityOn === null || day > lastActivityOn)) lastActivityOn = day;
      }
      return {
        userPrincipalName: name,
        lastActivityOn,
        storageBytes: storage && bytesOf(storage(cells), notes),
        hasArchive: archive && truth(archive(cells)),
      };
    },
  };
}

/** Concealed names are 32 hex digits and never contain `@`. Source: reference/microsoft-graph.md §3.13. */
export const looksConcealed = (rows: readonly UsageRow[]): boolean =>
  rows.some(({ userPrincipalName }) => /^[0-9A-F]{32}$/i.test(userPrincipalName)) &&
  !rows.some(({ userPrincipalName }) => userPrincipalName.includes("@"));

function dayOf(value: string, column: string, notes: Notes): string | null {
  const parsed = parseInstant(value);
  if (parsed.kind === "invalid") notes.add(column);
  return parsed.kind === "instant" ? parsed.iso.slice(0, 10) : null;
}

function bytesOf(value: string, notes: Notes): number | null {
  if (value === "") return null;
  const bytes = /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isSafeInteger(bytes)) return bytes;
  notes.add(storageColumn);
  return null;
}

/** Yes or no in the spellings reports use; anything else is not known. */
function truth(value: string): boolean | null {
  const word = value.toLowerCase();
  if (word === "true" || word === "yes" || word === "1") return true;
  if (word === "false" || word === "no" || word === "0") return false;
  return null;
}
