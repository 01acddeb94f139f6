import type { OpportunitySummary } from "#lib/domain/opportunity-item";
import { MoneyText } from "../money-text.tsx";
import { AnswerCard } from "../ui/answer-card.tsx";
import { CardGrid } from "../ui/card-grid.tsx";
import { countOf } from "../ui/format.ts";

/** Exposure, reassignable now, reducible at renewal: three views of the same seats, so they are never summed. */
export function MoneyFigures({ summary }: { readonly summary: OpportunitySummary }) {
  const without =
    summary.unpricedUnits > 0 ? ` Without ${countOf(summary.unpricedUnits, "unpriced seat")}.` : "";
  return (
    <CardGrid>
      <AnswerCard
        question="Exposure"
        answer={<MoneyText money={summary.exposure} none="Nothing priced" per="month" />}
      >
        Monthly price of every idle seat, unassigned ones included.{without}
      </AnswerCard>
      <AnswerCard
        question="Reassignable now"
        answer={<MoneyText money={summary.reassignableNow} none="Nothing priced" per="month" />}
      >
        Its directly assigned part, and the unassigned units. Seats given by a group need a change
        of the group.
      </AnswerCard>
      <AnswerCard
        question="Reducible at renewal"
        answer={
          <MoneyText money={summary.reducibleAtRenewal} none="No decision date" per="month" />
        }
      >
        Paid units that reach a decision date and are not needed then. The three are views of the
        same seats: they do not add up.
      </AnswerCard>
    </CardGrid>
  );
}
