import { overviewSentence } from "#lib/domain/license-sentence";
import type { LicenseTotals } from "#lib/domain/overview";
import { formatNumber } from "../ui/format.ts";

/** The overview's finding in one sentence. */
export function OverviewSentence(props: {
  readonly totals: LicenseTotals;
  readonly tenants: number;
}) {
  return overviewSentence(props.totals, props.tenants, formatNumber);
}
