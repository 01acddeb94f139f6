import type { Overview } from "#lib/domain/overview";
import { MoneyText } from "../money-text.tsx";
import { AnswerCard } from "../ui/answer-card.tsx";
import { CardGrid } from "../ui/card-grid.tsx";
import { Day } from "../ui/clock.tsx";
import { countOf, formatNumber, formatShare } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

type HrefOf = (path: string, filter?: Readonly<Record<string, string>>) => string;

/** The four answers of the first page: compliance, idle money, the next decision, and whether to trust the counts. */
export function Answers({
  overview,
  hrefOf,
}: {
  readonly overview: Overview;
  readonly hrefOf: HrefOf;
}) {
  return (
    <CardGrid>
      <ComplianceAnswer totals={overview.totals} hrefOf={hrefOf} />
      <IdleAnswer totals={overview.totals} hrefOf={hrefOf} />
      <DecisionAnswer decision={overview.nextDecision} />
      <TrustAnswer trust={overview.trust} hrefOf={hrefOf} />
    </CardGrid>
  );
}

function ComplianceAnswer({
  totals,
  hrefOf,
}: {
  readonly totals: Overview["totals"];
  readonly hrefOf: HrefOf;
}) {
  const atRisk = totals.byCompliance["at-risk"];
  const unknown = totals.byCompliance.unknown;
  const door = (compliance: string, text: string) => (
    <TextLink
      href={hrefOf("/licenses", { compliance, status: "active" })}
      inherit
      c="inherit"
      underline="always"
    >
      {text}
    </TextLink>
  );
  return (
    <AnswerCard
      question="Do we own what we use?"
      tone={atRisk > 0 ? "risk" : unknown > 0 ? "warn" : "ok"}
      answer={
        atRisk > 0
          ? door("at-risk", `${countOf(atRisk, "license")} at risk`)
          : unknown > 0
            ? door("unknown", `${countOf(unknown, "license")} unknown`)
            : "Every license is covered"
      }
    >
      {countOf(totals.shortfall, "seat")} short, and apart from that {formatNumber(totals.surplus)}{" "}
      free{totals.byCompliance["not-applicable"] > 0 && " (free pools left out)"}.{" "}
      {door("compliant", `${formatNumber(totals.byCompliance.compliant)} compliant`)}
      {unknown > 0 && <>, {door("unknown", `${formatNumber(unknown)} unknown`)}</>}.
    </AnswerCard>
  );
}

function IdleAnswer({
  totals,
  hrefOf,
}: {
  readonly totals: Overview["totals"];
  readonly hrefOf: HrefOf;
}) {
  const priced = totals.exposure.length > 0;
  return (
    <AnswerCard
      question="What do we pay for and not use?"
      tone={totals.idleUnits > 0 || totals.unknownUse > 0 ? "warn" : "ok"}
      answer={
        totals.idleUnits === 0 && !priced ? (
          totals.unknownUse === 0 ? (
            "No idle seat found"
          ) : (
            "Not known"
          )
        ) : (
          <TextLink href={hrefOf("/opportunities")} inherit c="inherit" underline="always">
            {priced ? (
              <MoneyText money={totals.exposure} />
            ) : (
              countOf(totals.idleUnits, "idle seat")
            )}
          </TextLink>
        )
      }
    >
      {priced && "Exposure a month. "}
      {countOf(totals.idleUnits, "idle seat")}
      {totals.unpricedIdleUnits > 0 &&
        `, ${formatNumber(totals.unpricedIdleUnits)} of them unpriced and in no money figure`}
      .
      {totals.unknownUse > 0 &&
        ` Whether seats are used is unknown of ${countOf(totals.unknownUse, "license")}.`}
    </AnswerCard>
  );
}

function DecisionAnswer({ decision }: { readonly decision: Overview["nextDecision"] }) {
  if (decision === null) {
    return (
      <AnswerCard question="What has to be decided next?" answer="No date known">
        Microsoft reported no lifecycle date ahead, and no purchase term was entered.
      </AnswerCard>
    );
  }
  return (
    <AnswerCard question="What has to be decided next?" answer={<Day day={decision.date} />}>
      <TextLink
        href={`/licenses/${decision.licenseId}?tab=subscriptions#rows`}
        inherit
        c="inherit"
        underline="always"
      >
        {decision.productName}
      </TextLink>{" "}
      of <bdi>{decision.tenantName}</bdi>
      {decision.units !== null && `, ${countOf(decision.units, "unit")}`}.
      {decision.source === "microsoft-lifecycle" &&
        " Microsoft's lifecycle date: it may renew by itself."}
    </AnswerCard>
  );
}

function TrustAnswer({
  trust,
  hrefOf,
}: {
  readonly trust: Overview["trust"];
  readonly hrefOf: HrefOf;
}) {
  const { compared, differing } = trust;
  if (compared === 0) {
    return (
      <AnswerCard question="Can the counts be trusted?" answer="Nothing compared yet">
        Our count is compared with Microsoft's, license by license, after each import.
      </AnswerCard>
    );
  }
  const agreeing = compared - differing;
  return (
    <AnswerCard
      question="Can the counts be trusted?"
      tone={differing > 0 ? "warn" : "ok"}
      answer={`${formatNumber(agreeing)} of ${formatNumber(compared)} agree`}
    >
      Licenses whose count of holders is Microsoft's own, within tolerance (
      {formatShare(agreeing, compared)}).
      {differing > 0 && (
        <>
          {" "}
          <TextLink
            href={hrefOf("/licenses", { flag: "difference" })}
            inherit
            c="inherit"
            underline="always"
          >
            {countOf(differing, "license differs", "licenses differ")}
          </TextLink>
          .
        </>
      )}
    </AnswerCard>
  );
}
