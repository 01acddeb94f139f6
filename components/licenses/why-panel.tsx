import { Stack, Text } from "@mantine/core";
import { contractLabel } from "#lib/domain/labels";
import type { LicenseDetail } from "#lib/domain/license-item";
import { FreshnessStamp } from "../freshness-stamp.tsx";
import { Quantity } from "../quantity.tsx";
import { Day } from "../ui/clock.tsx";
import { formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import { differenceOf, entitledFormula, entitledSum } from "./entitled.ts";
import { licenseLinks } from "./license-links.ts";
import classes from "./why-panel.module.css";

/** Why this number: what Microsoft said, what we counted, how each figure is made, and from which import. */
export function WhyPanel({ license }: { readonly license: LicenseDetail }) {
  return (
    <Stack gap="md">
      <Comparison license={license} />
      <dl className={classes.list}>
        <Formula name="Entitled" formula={entitledFormula(license)}>
          {entitledSum(license)}
        </Formula>
        <Formula name="Available" formula="entitled − consumed; negative when short">
          {differenceOf(license.entitled, license.consumed, license.available)}
        </Formula>
        <Formula
          name="Contract position"
          formula="what was bought against what is paid and used; apart from compliance"
        >
          {contractText(license)}
        </Formula>
        {license.source === "saas-management" ? null : <MicrosoftFigures license={license} />}
      </dl>
      <Source license={license} />
    </Stack>
  );
}

/** What Microsoft alone tells of a license; SaaS Management has none of it. */
function MicrosoftFigures({ license }: { readonly license: LicenseDetail }) {
  const links = licenseLinks(license);
  return (
    <>
      <Formula name="Trial units" formula="units of its trial subscriptions">
        <Quantity
          label="Trial units"
          value={license.trial}
          subject="trial"
          reason={license.unavailable.trial}
          href={links.subscriptions}
          fixHref={links.connection}
        />
      </Formula>
      <Formula name="Locked out" formula="units Microsoft has locked; in no entitlement">
        <Quantity
          label="Locked out"
          value={license.lockedOut}
          subject="lockedOut"
          reason={license.unavailable.lockedOut}
          fixHref={links.connection}
        />
      </Formula>
      <Formula
        name="Deleted users"
        formula="in the recycle bin and still showing it; they consume nothing"
      >
        <Quantity
          label="Deleted users still showing it"
          value={license.deletedUsersShowingIt}
          subject="directory"
          reason={"not-imported"}
          fixHref={links.connection}
        />
      </Formula>
    </>
  );
}

function Comparison({ license }: { readonly license: LicenseDetail }) {
  const { difference, reported, consumed, unavailable } = license;
  const links = licenseLinks(license);
  return (
    <dl className={classes.compare}>
      <div>
        <dt>Microsoft reported</dt>
        <dd>
          <Quantity
            label="Microsoft reported"
            value={reported}
            subject="reported"
            reason={unavailable.reported}
            fixHref={links.connection}
          />
        </dd>
      </div>
      <div>
        <dt>We counted</dt>
        <dd>
          <Quantity
            label="We counted"
            value={consumed}
            subject="consumed"
            reason={unavailable.consumed}
            href={links.assignments}
            fixHref={links.connection}
          />
        </dd>
      </div>
      <div>
        <dt>Difference</dt>
        <dd>
          <Quantity
            label="Difference"
            value={difference?.total ?? null}
            subject="difference"
            reason={unavailable.difference}
            fixHref={links.connection}
          />
          {difference !== null && difference.total !== 0 && (
            <small>
              {formatNumber(difference.moved)} moved meanwhile,{" "}
              {formatNumber(difference.unexplained)} unexplained
            </small>
          )}
        </dd>
      </div>
    </dl>
  );
}

function Formula(props: {
  readonly name: string;
  readonly formula: string;
  readonly children: React.ReactNode;
}) {
  return (
    <div>
      <dt>
        {props.name}
        <small>{props.formula}</small>
      </dt>
      <dd>{props.children}</dd>
    </div>
  );
}

const contractText = ({ contract, purchased }: LicenseDetail): string => {
  const { label } = contractLabel(contract, formatNumber);
  return purchased === null ? label : `${label}, ${formatNumber(purchased)} bought`;
};

function Source({ license }: { readonly license: LicenseDetail }) {
  return (
    <Text size="sm" c="dimmed" component="div">
      <FreshnessStamp asOf={license.asOf} source={license.source} />
      <div>
        {license.evaluatedOn !== null && (
          <>
            Evaluated on <Day day={license.evaluatedOn} />
            {license.importId !== null && ", "}
          </>
        )}
        {license.importId !== null && (
          <>
            from{" "}
            <TextLink href={`/imports/${license.importId}`} inherit underline="always">
              this import
            </TextLink>
          </>
        )}
        {license.reconciliationId !== null && ` · reconciliation ${license.reconciliationId}`}
      </div>
    </Text>
  );
}
