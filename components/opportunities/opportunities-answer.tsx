import { leftOutReasons } from "#lib/domain/opportunity";
import type { OpportunitySummary } from "#lib/domain/opportunity-item";
import { countOf, formatNumber } from "../ui/format.ts";
import { leftOutWords } from "../words.ts";

/** The finding of the opportunities in one sentence, and what was left out on purpose. */
export function OpportunitiesAnswer({ summary }: { readonly summary: OpportunitySummary }) {
  const seats = summary.groups.reduce((sum, { units }) => sum + units, 0);
  const low = summary.groups.reduce((sum, group) => sum + group.lowConfidenceUnits, 0);
  const leftOut = leftOutReasons.flatMap((why) => {
    const count = summary.leftOut[why] ?? 0;
    return count > 0 ? [`${formatNumber(count)} ${leftOutWords[why]}`] : [];
  });
  return [
    `${countOf(seats, "seat")} could be reclaimed.`,
    low > 0 ? ` ${formatNumber(low)} more need a look first and are in no figure.` : "",
    leftOut.length > 0 ? ` Left out: ${leftOut.join(", ")}.` : "",
  ].join("");
}
