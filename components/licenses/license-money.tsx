import { Text } from "@mantine/core";
import { isIdleMoneyUnknown } from "#lib/domain/idle";
import type { LicenseDetail } from "#lib/domain/license-item";
import type { Money } from "#lib/domain/money";
import { MoneyText } from "../money-text.tsx";
import { Quantity } from "../quantity.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { licenseLinks } from "./license-links.ts";
import classes from "./why-panel.module.css";

/** What this license's idle seats cost, in three views of the same seats that are never summed. */
export function LicenseMoney({ license }: { readonly license: LicenseDetail }) {
  if (license.type === "tenant" || license.flags.includes("free-pool")) return null;
  const idle = restOf(license);
  return (
    <>
      <UseUnknown license={license} />
      <dl className={classes.list}>
        <Row
          name="Exposure"
          means="every idle seat, unassigned ones included"
          license={license}
          money={license.exposure}
          none="Unpriced"
          rest={idle}
        />
        <Row
          name="Reassignable now"
          means="directly assigned idle seats and unassigned units"
          license={license}
          money={license.reassignableNow}
          none="Unpriced"
          rest={idle}
        />
        <Row
          name="Reducible at renewal"
          means="paid units not needed on the decision date"
          license={license}
          money={license.reducibleAtRenewal}
          none={whyNotReducible(license)}
          rest={license.decisionDate === null && idle === "unknown" ? "known" : idle}
        />
      </dl>
    </>
  );
}

const whyNotReducible = ({ decisionDate, monthlyPrice }: LicenseDetail): string => {
  if (decisionDate === null) return "No decision date";
  return monthlyPrice === null ? "Unpriced" : "Not known";
};

/** What the sums rest on: a license that is in no total has none, and none is told where no idle seat is known. */
type Rest = "known" | "unknown" | "not-counted";

const restOf = (license: LicenseDetail): Rest => {
  if (license.status === "retired") return "not-counted";
  return isIdleMoneyUnknown(license) ? "unknown" : "known";
};

/** No sum rests on an unknown: a small one then is no finding. Source: DESIGN §5 "Unknown is not zero". */
function UseUnknown({ license }: { readonly license: LicenseDetail }) {
  const { activity, consumed, status } = license;
  if (status === "retired" || activity !== null || consumed === null || consumed === 0) return null;
  return (
    <Text size="sm">
      How many of its {countOf(consumed, "seat")} are in use is unknown, so{" "}
      {isIdleMoneyUnknown(license)
        ? "what idle ones cost is too."
        : "no sum below includes unused ones."}
    </Text>
  );
}

function Row(props: {
  readonly name: string;
  readonly means: string;
  readonly license: LicenseDetail;
  readonly money: Money | null;
  readonly none: string;
  readonly rest: Rest;
}) {
  return (
    <div>
      <dt>
        {props.name}
        <small>{props.means}</small>
      </dt>
      <dd>
        <Sum {...props} />
      </dd>
    </div>
  );
}

function Sum(props: Parameters<typeof Row>[0]) {
  const { license, money, rest } = props;
  if (rest === "not-counted") {
    return (
      <Text span size="sm" c="dimmed">
        Not applicable
      </Text>
    );
  }
  if (rest === "unknown" && money !== null) {
    return (
      <Quantity
        label={props.name}
        value={null}
        subject="activity"
        reason={license.unavailable.activity}
        fixHref={licenseLinks(license).connection}
      />
    );
  }
  const text = (
    <MoneyText
      money={money === null ? [] : [money]}
      none={props.none}
      per={money === null ? undefined : "month"}
    />
  );
  if (money === null) return text;
  return (
    <TextLink href={licenseLinks(license).opportunities} inherit c="inherit">
      {text}
    </TextLink>
  );
}
