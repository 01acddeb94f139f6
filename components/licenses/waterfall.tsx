import type { LicenseItem } from "#lib/domain/license-item";
import { Quantity } from "../quantity.tsx";
import { entitledFormula } from "./entitled.ts";
import { licenseLinks } from "./license-links.ts";
import classes from "./waterfall.module.css";

interface Step {
  readonly label: string;
  readonly note: string;
  readonly field: "enabled" | "expiring" | "entitled" | "consumed" | "activity" | "suspended";
  readonly value: number | null;
  readonly from: number;
  readonly kind: "units" | "total" | "consumed" | "active" | "apart";
  readonly href?: string;
}

/**
 * From what is enabled to what is really used, seat by seat; suspended units stand apart. SaaS Management knows no units
 * but those of its terms. Source: DESIGN §5 "Other sources".
 */
export function Waterfall({ license }: { readonly license: LicenseItem }) {
  const links = licenseLinks(license);
  const steps = license.source === "saas-management" ? byTerms(license) : byUnits(license);
  const most = Math.max(1, ...steps.map((step) => step.from + (step.value ?? 0)));
  const retired = license.status === "retired";
  return (
    <dl className={classes.steps}>
      {steps.map((step) => (
        <Row
          key={step.field}
          step={step}
          most={most}
          entitled={license.entitled}
          retired={retired}
          reason={license.unavailable[step.field]}
          fixHref={links.connection}
        />
      ))}
    </dl>
  );
}

function Row(props: {
  readonly step: Step;
  readonly most: number;
  readonly entitled: number | null;
  readonly retired: boolean;
  readonly reason: LicenseItem["unavailable"][string] | undefined;
  readonly fixHref: string;
}) {
  const { step, most, entitled } = props;
  const apart = step.kind === "apart" ? classes.apart : "";
  return (
    <div className={`${classes.row} ${apart}`}>
      <dt className={classes.label}>
        {step.label}
        <small>{step.note}</small>
      </dt>
      <dd className={classes.lane} aria-hidden>
        <Fills step={step} most={most} entitled={entitled} />
      </dd>
      <dd className={classes.value}>
        <Quantity
          label={step.label}
          value={step.value}
          subject={step.field}
          reason={props.reason}
          href={step.href}
          fixHref={props.fixHref}
          retired={props.retired}
        />
      </dd>
    </div>
  );
}

function Fills({
  step,
  most,
  entitled,
}: {
  readonly step: Step;
  readonly most: number;
  readonly entitled: number | null;
}) {
  const share = (seats: number): string => `${(seats / most) * 100}%`;
  if (step.value === null) {
    return <span className={classes.fill} data-kind="unknown" style={{ left: 0, right: 0 }} />;
  }
  if (step.value === 0) return null;
  const beyond =
    step.kind === "consumed" && entitled !== null ? Math.max(0, step.value - entitled) : 0;
  return (
    <>
      <span
        className={classes.fill}
        data-kind={step.kind}
        style={{ left: share(step.from), width: share(step.value - beyond) }}
      />
      {beyond > 0 && (
        <span
          className={classes.fill}
          data-kind="over"
          style={{ left: share(step.value - beyond), width: share(beyond) }}
        />
      )}
    </>
  );
}

const unitSteps = (license: LicenseItem): readonly Step[] => {
  const { subscriptions } = licenseLinks(license);
  return [
    {
      label: "Enabled",
      note: "paid or trial units in force",
      field: "enabled",
      value: license.enabled,
      from: 0,
      kind: "units",
      href: subscriptions,
    },
    {
      label: "+ Expiring",
      note: "in Microsoft's grace period, still usable",
      field: "expiring",
      value: license.expiring,
      from: license.enabled ?? 0,
      kind: "units",
      href: subscriptions,
    },
  ];
};

const entitledStep = (license: LicenseItem): Step => ({
  label: "Entitled",
  note: entitledFormula(license),
  field: "entitled",
  value: license.entitled,
  from: 0,
  kind: "total",
  ...(license.source === "saas-management" ? {} : { href: licenseLinks(license).subscriptions }),
});

const holderSteps = (license: LicenseItem): readonly Step[] => {
  const { assignments, active } = licenseLinks(license);
  return [
    {
      label: "Consumed",
      note: "accounts that hold it",
      field: "consumed",
      value: license.consumed,
      from: 0,
      kind: "consumed",
      href: assignments,
    },
    {
      label: "Active",
      note: "of them with recent use",
      field: "activity",
      value: license.activity?.active ?? null,
      from: 0,
      kind: "active",
      href: active,
    },
  ];
};

const suspendedStep = (license: LicenseItem): Step => ({
  label: "Suspended",
  note: "apart: not part of the entitlement",
  field: "suspended",
  value: license.suspended,
  from: 0,
  kind: "apart",
  href: licenseLinks(license).subscriptions,
});

const byUnits = (license: LicenseItem): readonly Step[] => [
  ...unitSteps(license),
  entitledStep(license),
  ...holderSteps(license),
  suspendedStep(license),
];

const byTerms = (license: LicenseItem): readonly Step[] => [
  entitledStep(license),
  ...holderSteps(license),
];
