"use client";
import { Group, Loader, Stack, Text } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type ReactNode, useEffect, useEffectEvent, useRef } from "react";
import type { FailureClass } from "#lib/domain/failure";
import type { ToldFailure } from "#lib/domain/read-models";
import type { EndpointItem, VerificationItem } from "#lib/domain/verification-item";
import { FailureCallout } from "../failure-callout.tsx";
import { isVerificationRunning, useVerification } from "../queries.ts";
import { StatusBadge } from "../status-badge.tsx";
import { Instant, useMounted } from "../ui/clock.tsx";
import { formatLocalClock, formatUtc } from "../ui/format.ts";
import type { Tone } from "../words.ts";
import { WorkerNotice } from "../worker-notice.tsx";
import classes from "./checks.module.css";
import { type ConsentFacts, PermissionsByConsent, PermissionsList } from "./permissions-list.tsx";

/** The last verification, live while it runs: permission by permission, endpoint by endpoint. */
export function VerificationPanel(props: {
  readonly initial: VerificationItem;
  /** What permissions are compared with; left out where they were asked for a moment ago. */
  readonly consent?: ConsentFacts;
  /** What it saw that the one before did not. */
  readonly changes?: ReactNode;
  /** The step that brings missing permissions; null for who may not take it. */
  readonly fix?: ReactNode;
  /** The failure the page tells at its top, with its repair. */
  readonly toldAbove?: Pick<ToldFailure, "what"> | null;
  /** What follows once it has ended, if not that the page around is rendered anew. */
  readonly onEnd?: (verification: VerificationItem) => void;
}) {
  const { consent, changes, fix } = props;
  const { data: verification } = useVerification(props.initial);
  const running = isVerificationRunning(verification);
  const arriving = isArriving(verification);
  useWhenEnded(verification, props.onEnd);
  return (
    <Stack gap="md">
      <Group gap="sm" role="status" wrap="nowrap" align="flex-start">
        {running && <Loader size="xs" mt={3} style={{ flex: "none" }} aria-hidden />}
        <Text size="sm">
          <State verification={verification} />
        </Text>
      </Group>
      {running && <WorkerNotice seenSecondsAgo={verification.workerSeenSecondsAgo} />}
      <Trouble verification={verification} toldAbove={props.toldAbove ?? null} />
      {changes}
      {verification.permissions.length > 0 &&
        (consent === undefined || arriving ? (
          <PermissionsList permissions={verification.permissions} arriving={arriving} />
        ) : (
          <PermissionsByConsent
            permissions={verification.permissions}
            consent={consent}
            // What keeps imports from running has its repair at the top of the page.
            fix={verification.state === "succeeded" ? fix : null}
          />
        ))}
      {verification.endpoints.length > 0 && !arriving && (
        <Endpoints endpoints={verification.endpoints} />
      )}
    </Stack>
  );
}

/** What stopped the verification, once on a page. */
function Trouble(props: {
  readonly verification: VerificationItem;
  readonly toldAbove: Pick<ToldFailure, "what"> | null;
}) {
  const { error } = props.verification;
  if (error === null || isArriving(props.verification)) return null;
  if (error.what !== props.toldAbove?.what) return <FailureCallout failure={error} />;
  return (
    <Text size="sm" c="dimmed">
      What is wrong stands at the top of the page.
    </Text>
  );
}

/** What is missing may be on its way from the consent: that is no fault. Source: reference/microsoft-graph.md §2.3. */
const isArriving = (verification: VerificationItem): boolean =>
  isVerificationRunning(verification) &&
  verification.kind === "proof" &&
  verification.error !== null &&
  arrivingClasses.includes(verification.error.class);

const arrivingClasses: readonly FailureClass[] = ["permission", "credential"];

/** What the server rendered around the panel is renewed once, when the work ends, or what is asked for instead is done. */
function useWhenEnded(
  verification: VerificationItem,
  onEnd: ((verification: VerificationItem) => void) | undefined,
): void {
  const router = useRouter();
  const running = isVerificationRunning(verification);
  const wasRunning = useRef(running);
  const ended = useEffectEvent(() =>
    onEnd === undefined ? router.refresh() : onEnd(verification),
  );
  useEffect(() => {
    if (wasRunning.current && !running) ended();
    wasRunning.current = running;
  }, [running]);
}

function State({ verification }: { readonly verification: VerificationItem }) {
  const mounted = useMounted();
  const at = verification.nextAttemptAt;
  switch (verification.state) {
    case "queued":
      return "Queued: a worker takes it next.";
    case "running":
      return "Checking permissions and endpoints.";
    case "waiting":
      return `${
        isArriving(verification)
          ? "Waiting for Microsoft: a consent takes a few minutes to reach every server. What is not there five minutes after the sign-in is told as missing."
          : "Waiting for Microsoft to answer."
      } ${
        at === null
          ? "We try again by ourselves."
          : `Next attempt at ${mounted ? formatLocalClock(at) : formatUtc(at)}; attempt ${verification.attempts + 1}.`
      } You can leave this page.`;
    case "succeeded":
      return (
        <>
          Verified <Instant at={verification.finishedAt ?? verification.createdAt} />.
        </>
      );
    case "failed":
      return (
        <>
          Failed <Instant at={verification.finishedAt ?? verification.createdAt} />.
        </>
      );
    default: {
      const unexpected: never = verification.state;
      return unexpected;
    }
  }
}

const outcomes: Record<EndpointItem["outcome"], { readonly label: string; readonly tone: Tone }> = {
  ok: { label: "Answers", tone: "ok" },
  "missing-permission": { label: "Permission missing", tone: "warn" },
  "not-licensed": { label: "Needs Entra ID P1", tone: "quiet" },
  "not-offered": { label: "Not offered in this cloud", tone: "quiet" },
  failed: { label: "Failed", tone: "risk" },
};

function Endpoints({ endpoints }: { readonly endpoints: readonly EndpointItem[] }) {
  return (
    <section aria-label="Endpoints">
      <Text size="sm" fw={600}>
        Endpoints
      </Text>
      <ul className={classes.checks}>
        {endpoints.map((check) => (
          <li key={check.endpoint}>
            <div>
              <Text size="sm" ff="monospace" className="wrap-anywhere">
                {check.endpoint}
              </Text>
              <Text size="xs" c="dimmed">
                {[
                  check.mandatory ? "Mandatory" : "Optional",
                  check.permission,
                  check.latencyMs === null ? null : `${check.latencyMs} ms`,
                  check.error?.what,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </div>
            <StatusBadge {...outcomes[check.outcome]} />
          </li>
        ))}
      </ul>
    </section>
  );
}
