import { complianceLabels } from "#lib/domain/labels";
import type { LicenseTotals } from "#lib/domain/overview";
import { MoneyText } from "../money-text.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import classes from "./totals-row.module.css";

/** Totals of Active licenses. Shortfall and surplus stand side by side: one does not cover the other. */
export function TotalsRow({
  totals,
  hrefOf,
  opportunitiesHref,
}: {
  readonly totals: LicenseTotals;
  /** Address of this list, narrowed by one more filter. */
  readonly hrefOf: (filter: Readonly<Record<string, string>>) => string;
  /** The opportunities of the same tenants. */
  readonly opportunitiesHref: string;
}) {
  return (
    <dl className={classes.totals}>
      <Total label="Active licenses" note={excluded(totals)}>
        <TextLink href={hrefOf({ status: "active" })}>{formatNumber(totals.active)}</TextLink>
      </Total>
      <Total label="By compliance">
        <span className={classes.choices}>
          {(["at-risk", "unknown", "compliant", "not-applicable"] as const).map((state) => (
            <TextLink key={state} href={hrefOf({ compliance: state, status: "active" })} size="sm">
              {formatNumber(totals.byCompliance[state])}{" "}
              {complianceLabels[state].label.toLowerCase()}
            </TextLink>
          ))}
        </span>
      </Total>
      <Total label="Short" note="sum over licenses at risk">
        <TextLink href={hrefOf({ compliance: "at-risk", status: "active" })}>
          {countOf(totals.shortfall, "seat")}
        </TextLink>
      </Total>
      <Total label="Free" note={freeNote(totals)}>
        <TextLink href={hrefOf({ sort: "-available", compliance: "compliant", status: "active" })}>
          {countOf(totals.surplus, "seat")}
        </TextLink>
      </Total>
      <Total label="Idle" note={idleNote(totals)}>
        <TextLink href={opportunitiesHref}>{countOf(totals.idleUnits, "seat")}</TextLink>
        {" · "}
        <MoneyText money={totals.exposure} none="unpriced" per="month" />
      </Total>
    </dl>
  );
}

function Total(props: {
  readonly label: string;
  readonly note?: string | undefined;
  readonly children: React.ReactNode;
}) {
  return (
    <div>
      <dt>{props.label}</dt>
      <dd>
        {props.children}
        {props.note !== undefined && <small>{props.note}</small>}
      </dd>
    </div>
  );
}

const excluded = (totals: LicenseTotals): string | undefined => {
  const parts = [
    totals.retired > 0 ? `without ${formatNumber(totals.retired)} retired or not counted` : null,
    totals.unknownAvailability > 0
      ? `${formatNumber(totals.unknownAvailability)} with unknown availability in no seat total`
      : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? undefined : parts.join("; ");
};

const freeNote = (totals: LicenseTotals): string =>
  totals.byCompliance["not-applicable"] > 0
    ? "never netted against what is short elsewhere; free pools left out"
    : "never netted against what is short elsewhere";

const idleNote = (totals: LicenseTotals): string | undefined => {
  const parts = [
    totals.unpricedIdleUnits > 0
      ? `without ${countOf(totals.unpricedIdleUnits, "unpriced seat")}`
      : null,
    totals.unknownUse > 0 ? `unknown of ${countOf(totals.unknownUse, "license")}` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? undefined : parts.join("; ");
};
