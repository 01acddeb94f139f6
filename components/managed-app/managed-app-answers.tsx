import { Text } from "@mantine/core";
import type { Source } from "#lib/domain/connection";
import { sourceLabels } from "#lib/domain/connection-labels";
import type { MatchCounts, MatchState } from "#lib/domain/people-matching";
import { isOpen, type SkuMappingView } from "#lib/domain/sku-mapping";
import { Instant } from "../ui/clock.tsx";
import { countOf, formatNumber } from "../ui/format.ts";

/** What the licenses stand for, in one sentence. */
export function mappingAnswer({ read, open, licenses, skus }: SkuMappingView): string {
  if (read === null) return "Nothing was read yet.";
  if (open === 0) {
    return `Nothing is left to decide about ${countOf(licenses.length, "license")}.`;
  }
  const parts = [
    [licenses.filter(isOpen).length, "license"],
    [skus.filter(isOpen).length, "SKU"],
  ] as const;
  const which = parts.flatMap(([count, one]) => (count === 0 ? [] : [countOf(count, one)]));
  return `${which.join(" and ")} ${open === 1 ? "stands" : "stand"} for no known product: nobody can tell what a switch would replace by ${open === 1 ? "it" : "them"}.`;
}

/** How many decisions wait for the next import. */
export const pendingTitle = ({ licenses, skus }: SkuMappingView): string | null => {
  const pending = [...licenses, ...skus].filter((one) => one.pending).length;
  return pending === 0
    ? null
    : `${countOf(pending, "decision counts", "decisions count")} from the next import on`;
};

/** Whether everybody was found, in one sentence. */
export function peopleAnswer({
  state,
  counts,
}: {
  readonly state: MatchState;
  readonly counts: MatchCounts | null;
}): string {
  if (state === "computing") return "People of the newest imports are still being looked up.";
  if (counts === null) return "There is nothing to look people up in.";
  if (counts.unmatched === 0)
    return "Every active account of the application is one of Microsoft’s.";
  const one = counts.unmatched === 1;
  return `${countOf(counts.unmatched, "active account")} of the application ${one ? "is" : "are"} none of Microsoft’s; ${one ? "its" : "their"} seats count all the same.`;
}

/** Where people were looked up, and by what they were found. */
export function LookedUp(props: {
  readonly source: Source;
  readonly asOf: string;
  readonly counts: MatchCounts;
}) {
  const { objectId, userPrincipalName, mail } = props.counts;
  return (
    <Text size="sm" component="div">
      Looked up in {sourceLabels[props.source]} as read <Instant at={props.asOf} tabbable />:{" "}
      {formatNumber(objectId)} found by object id, then {formatNumber(userPrincipalName)} by user
      principal name, then {formatNumber(mail)} by e-mail. Deactivated accounts are left out.
    </Text>
  );
}
