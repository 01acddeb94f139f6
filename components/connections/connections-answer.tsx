import type { ConnectionSum } from "#lib/domain/connection-counts";
import { countOf, formatNumber } from "../ui/format.ts";

/** The finding of the connections in one sentence, over all pages of the list. */
export function ConnectionsAnswer({ counts }: { readonly counts: ConnectionSum }) {
  const { connections, needRepair, unfinished, held } = counts;
  return [
    `${countOf(connections, "connection")} ${connections === 1 ? "is" : "are"} listed`,
    needRepair === 0
      ? ", none needs repair"
      : `, ${formatNumber(needRepair)} ${needRepair === 1 ? "needs" : "need"} repair`,
    unfinished === 0 ? "" : `, ${formatNumber(unfinished)} not connected yet`,
    held === 0 ? "" : `, ${countOf(held, "import")} held for review`,
    ".",
  ].join("");
}
