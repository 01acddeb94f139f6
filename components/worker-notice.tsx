import { Callout } from "./ui/callout.tsx";
import { formatDuration } from "./ui/format.ts";

/** After this long without a sign of life we say so. Source: UX "Waiting is a place". Seconds. */
const missedAfter = 60;

/** Says when no worker has shown itself, because then nothing moves whatever the state says. */
export function WorkerNotice({ seenSecondsAgo }: { readonly seenSecondsAgo: number | null }) {
  if (seenSecondsAgo !== null && seenSecondsAgo < missedAfter) return null;
  return (
    <Callout
      tone="warn"
      live
      title={
        seenSecondsAgo === null
          ? "No worker has been seen yet"
          : `No worker has been seen for ${formatDuration(seenSecondsAgo * 1000)}`
      }
    >
      The work waits in the queue and goes on by itself as soon as a worker runs. Whoever operates
      this installation can start one; nothing is lost meanwhile.
    </Callout>
  );
}
