import { countOf } from "../ui/format.ts";

/** How many alerts wait for somebody, in one sentence. */
export function AlertsAnswer({ count }: { readonly count: number }) {
  return count === 0
    ? "Nothing new: every open alert is in somebody's care."
    : `${countOf(count, "alert waits", "alerts wait")} for somebody to take care of ${count === 1 ? "it" : "them"}.`;
}
