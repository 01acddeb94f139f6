import type { ConnectionItem } from "#lib/domain/read-models";
import { countOf, formatNumber } from "../ui/format.ts";

/** The finding of the connections in one sentence. */
export function ConnectionsAnswer(props: { readonly connections: readonly ConnectionItem[] }) {
  const count = (...states: readonly ConnectionItem["status"][]): number =>
    props.connections.filter(({ status }) => states.includes(status)).length;
  const repair = count("action-needed");
  const open = count("draft", "awaiting-consent", "verifying");
  const held = props.connections.filter(({ heldImportId }) => heldImportId !== null).length;
  return [
    `${countOf(props.connections.length, "tenant")} ${props.connections.length === 1 ? "is" : "are"} listed`,
    repair === 0
      ? ", none needs repair"
      : `, ${formatNumber(repair)} ${repair === 1 ? "needs" : "need"} repair`,
    open === 0 ? "" : `, ${formatNumber(open)} not connected yet`,
    held === 0 ? "" : `, ${countOf(held, "import")} held for review`,
    ".",
  ].join("");
}
