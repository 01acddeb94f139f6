import { countOf } from "../ui/format.ts";

/** How many alerts wait for somebody, in one sentence; `open` says whether there are open ones at all, null = not looked. */
export function AlertsAnswer(props: { readonly count: number; readonly open: boolean | null }) {
  const { count, open } = props;
  if (count > 0) {
    return `${countOf(count, "alert waits", "alerts wait")} for somebody to take care of ${count === 1 ? "it" : "them"}.`;
  }
  if (open === null) return "No alert waits for somebody.";
  return open ? "Nothing new: every open alert is in somebody's care." : "No alert is open.";
}
