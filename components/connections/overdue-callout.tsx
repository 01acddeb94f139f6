import type { ConnectionItem } from "#lib/domain/connection-item";
import { inZone } from "#lib/domain/schedule-text";
import { Callout } from "../ui/callout.tsx";
import { LinkButton } from "../ui/link.tsx";

/** That the numbers are older than the schedule allows, why, and what to do; nothing while it is kept. */
export function OverdueCallout({ connection }: { readonly connection: ConnectionItem }) {
  const { schedule, lastImport } = connection;
  const overdue = schedule?.overdue ?? null;
  // A pause and a repair that is due are told in full already.
  if (schedule === null || overdue === null) return null;
  if (overdue.reason === "paused" || overdue.reason === "action-needed") return null;
  return (
    <Callout
      tone="warn"
      live
      title={`Overdue: an import was due on ${inZone(overdue.dueAt, schedule.timeZone)}`}
      actions={
        overdue.reason === "import-failed" && lastImport !== null ? (
          <LinkButton href={`/imports/${lastImport.id}`} size="sm" variant="default">
            Open the last import
          </LinkButton>
        ) : undefined
      }
    >
      {overdue.what} {overdue.action}
    </Callout>
  );
}
