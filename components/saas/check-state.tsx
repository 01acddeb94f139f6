import { Text } from "@mantine/core";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import { FailureCallout } from "../failure-callout.tsx";
import { Callout } from "../ui/callout.tsx";
import { RefreshWhile } from "../ui/refresh-while.tsx";
import { WorkerNotice } from "../worker-notice.tsx";

/** Whether the worker still has to say something about the organisation. */
export const isChecking = ({ check }: Pick<OrganisationItem, "check">): boolean =>
  check?.state === "queued" || check?.state === "running";

/** How the newest check of an organisation is getting on; the page follows it by itself. */
export function CheckState({ organisation }: { readonly organisation: OrganisationItem }) {
  const { check, problem, status } = organisation;
  if (isChecking(organisation)) {
    return (
      <>
        <RefreshWhile />
        <WorkerNotice seenSecondsAgo={organisation.workerSeenSecondsAgo} />
        <Callout tone="wait" title="SaaS Management is being asked" live>
          A token first, then the organisation's applications. This goes on by itself; you can leave
          this page.
        </Callout>
      </>
    );
  }
  if (check?.state === "failed" && check.error !== null) {
    if (status !== "ready") return <FailureCallout failure={check.error} live />;
    return (
      <Callout tone="warn" title="The last check failed, the credential in use goes on" live>
        {check.error.what} {check.error.action}
      </Callout>
    );
  }
  if (problem !== null) return <FailureCallout failure={problem} />;
  return check === null ? <Text size="sm">It was not checked yet.</Text> : null;
}
