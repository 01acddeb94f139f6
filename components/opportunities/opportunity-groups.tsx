import { opportunityKindLabels } from "#lib/domain/labels";
import type { OpportunityGroup } from "#lib/domain/opportunity-item";
import { MoneyText } from "../money-text.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import classes from "./opportunity-groups.module.css";

/** Idle seats by why, each opening its part of the worklist. */
export function OpportunityGroups(props: {
  readonly groups: readonly OpportunityGroup[];
  readonly current: string | null;
  readonly hrefOf: (filter: Readonly<Record<string, string>>) => string;
}) {
  return (
    <ul className={classes.groups}>
      {props.groups.map((group) => (
        <li key={group.kind} data-current={group.kind === props.current || undefined}>
          <div>
            <TextLink href={`${props.hrefOf({ kind: group.kind })}#worklist`} fw={550}>
              {opportunityKindLabels[group.kind].label}
            </TextLink>
            <small>{opportunityKindLabels[group.kind].meaning}</small>
          </div>
          <div className={classes.figures}>
            <strong>{countOf(group.units, "seat")}</strong>
            <span>
              <MoneyText
                money={group.exposure}
                none={group.units === 0 ? "–" : "Unpriced"}
                per="month"
              />
            </span>
            <small>{aside(group)}</small>
          </div>
        </li>
      ))}
    </ul>
  );
}

const aside = (group: OpportunityGroup): string =>
  [
    group.lowConfidenceUnits > 0
      ? `${formatNumber(group.lowConfidenceUnits)} more with low confidence, in no figure`
      : null,
    group.unpricedUnits > 0 ? `${formatNumber(group.unpricedUnits)} unpriced` : null,
  ]
    .filter((part) => part !== null)
    .join(" · ");
