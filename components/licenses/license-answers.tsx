import type { LicenseDetail } from "#lib/domain/license-item";
import { licenseSentence } from "#lib/domain/license-sentence";
import type { LicenseTotals } from "#lib/domain/overview";
import { Day } from "../ui/clock.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { licenseLinks } from "./license-links.ts";

/** The finding of the list of licenses in one sentence. */
export function LicensesAnswer({ totals }: { readonly totals: LicenseTotals }) {
  const { "at-risk": atRisk, unknown } = totals.byCompliance;
  const risk =
    atRisk === 0
      ? "none is at risk"
      : `${formatNumber(atRisk)} ${atRisk === 1 ? "is" : "are"} at risk, ${countOf(totals.shortfall, "seat")} short in all`;
  const open = unknown === 0 ? "" : `; of ${formatNumber(unknown)} the position is unknown`;
  return `Of ${countOf(totals.active, "active license")}, ${risk}${open}.`;
}

/** The finding of one license, and when something has to be decided about it. */
export function LicenseAnswer(props: {
  readonly license: LicenseDetail;
  /** The workspace's activity window, in days. */
  readonly windowDays: number;
}) {
  const { license, windowDays } = props;
  const { decisionDate } = license;
  return (
    <>
      {licenseSentence(license, windowDays, formatNumber)}
      {decisionDate !== null && license.status === "active" && (
        <>
          {" "}
          Next decision:{" "}
          <TextLink
            href={licenseLinks(license).subscriptions}
            inherit
            c="inherit"
            underline="always"
          >
            <Day day={decisionDate.date} />
          </TextLink>
          {decisionDate.source === "microsoft-lifecycle"
            ? ", Microsoft's lifecycle date; it may renew by itself."
            : "."}
        </>
      )}
    </>
  );
}
