import { Text } from "@mantine/core";
import type { LicenseDetail } from "#lib/domain/license-item";
import type { Money } from "#lib/domain/money";
import { MoneyText } from "../money-text.tsx";
import { countOf } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { licenseLinks } from "./license-links.ts";
import classes from "./why-panel.module.css";

/** What this license's idle seats cost, in three views of the same seats that are never summed. */
export function LicenseMoney({ license }: { readonly license: LicenseDetail }) {
  if (license.type === "tenant" || license.flags.includes("free-pool")) return null;
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
        />
        <Row
          name="Reassignable now"
          means="directly assigned idle seats and unassigned units"
          license={license}
          money={license.reassignableNow}
          none="Unpriced"
        />
        <Row
          name="Reducible at renewal"
          means="paid units not needed on the decision date"
          license={license}
          money={license.reducibleAtRenewal}
          none={license.decisionDate === null ? "No decision date" : "Unpriced"}
        />
      </dl>
    </>
  );
}

/** No sum rests on an unknown: a small one then is no finding. Source: DESIGN §5 "Unknown is not zero". */
function UseUnknown({ license }: { readonly license: LicenseDetail }) {
  const { activity, consumed } = license;
  if (activity !== null || consumed === null || consumed === 0) return null;
  return (
    <Text size="sm">
      How many of its {countOf(consumed, "seat")} are in use is unknown, so no sum below includes
      unused ones.
    </Text>
  );
}

function Row(props: {
  readonly name: string;
  readonly means: string;
  readonly license: LicenseDetail;
  readonly money: Money | null;
  readonly none: string;
}) {
  const text = (
    <MoneyText
      money={props.money === null ? [] : [props.money]}
      none={props.none}
      per={props.money === null ? undefined : "month"}
    />
  );
  return (
    <div>
      <dt>
        {props.name}
        <small>{props.means}</small>
      </dt>
      <dd>
        {props.money === null ? (
          text
        ) : (
          <TextLink href={licenseLinks(props.license).opportunities} inherit c="inherit">
            {text}
          </TextLink>
        )}
      </dd>
    </div>
  );
}
