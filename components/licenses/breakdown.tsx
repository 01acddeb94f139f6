import { activityLabels } from "#lib/domain/labels";
import type { LicenseDetail } from "#lib/domain/license-item";
import { leftOutReasons } from "#lib/domain/opportunity";
import { Quantity } from "../quantity.tsx";
import { countOf } from "../ui/format.ts";
import { leftOutWords, originWords } from "../words.ts";
import classes from "./breakdown.module.css";
import { licenseLinks } from "./license-links.ts";

/** Consumers by activity, by origin, and what stands out among them; each figure opens its rows. */
export function Breakdown({ license }: { readonly license: LicenseDetail }) {
  const links = licenseLinks(license);
  const { activity, assigned, unavailable } = license;
  const figure = (
    label: string,
    value: number | null,
    field: "activity" | "assigned" | "blocked" | "guests",
    href: string,
  ) => (
    <div key={label}>
      <dt>{label}</dt>
      <dd>
        <Quantity
          label={label}
          value={value}
          subject={field}
          reason={unavailable[field]}
          href={href}
          fixHref={links.connection}
          retired={license.status === "retired"}
        />
      </dd>
    </div>
  );
  return (
    <div className={classes.columns}>
      <dl aria-label="By activity">
        {(["active", "inactive", "neverUsed", "tooNew", "unknown"] as const).map((kind) =>
          figure(activityLabels[kind].label, activity?.[kind] ?? null, "activity", links[kind]),
        )}
      </dl>
      <dl aria-label="By origin">
        {(["direct", "group", "both"] as const).map((origin) =>
          figure(originWords[origin], assigned?.[origin] ?? null, "assigned", links[origin]),
        )}
        {figure("Origin unknown", assigned?.unknown ?? null, "assigned", links.unknownOrigin)}
        {figure("In error", assigned?.errors ?? null, "assigned", links.errors)}
      </dl>
      <dl aria-label="Among them">
        {figure("Blocked accounts", license.blocked, "blocked", links.blocked)}
        {figure("Guests", license.guests, "guests", links.guests)}
        {leftOutReasons.map((why) => {
          const seats = license.leftOut[why] ?? 0;
          return (
            seats > 0 && (
              <div key={why}>
                <dt>Left out of opportunities, {leftOutWords[why]}</dt>
                <dd>{countOf(seats, "seat")}</dd>
              </div>
            )
          );
        })}
      </dl>
    </div>
  );
}
