"use client";
import { Tooltip } from "@mantine/core";
import { IconClockExclamation } from "@tabler/icons-react";
import type { Source } from "#lib/domain/connection";
import type { AsOf } from "#lib/domain/read-models";
import classes from "./freshness-stamp.module.css";
import { useMounted, useNow } from "./ui/clock.tsx";
import { formatDay, formatLocal, formatRelative, formatUtc } from "./ui/format.ts";

const hour = 3_600_000;
/** A dataset is late after this long. Directory: E2; sign-ins and usage: DESIGN §5 Activity (10 days). */
const lateAfter: Record<keyof AsOf, number> = {
  directory: 24 * hour,
  signIns: 10 * 24 * hour,
  usage: 10 * 24 * hour,
};
const names: Record<keyof AsOf, string> = {
  directory: "directory",
  signIns: "sign-ins",
  usage: "usage",
};

const everything = ["directory", "signIns", "usage"] as const;

/** SaaS Management tells of the directory alone; nothing else of it will ever be read. */
const isTold = (source: Source, part: keyof AsOf): boolean =>
  part === "directory" || source !== "saas-management";

/**
 * How old each dataset behind a block of figures is; amber and in words when one is late. One that the source does not
 * tell is left out, unless it is asked for.
 */
export function FreshnessStamp(props: {
  readonly asOf: AsOf;
  readonly source: Source;
  readonly only?: readonly (keyof AsOf)[];
}) {
  const { asOf, source, only } = props;
  const parts = only ?? everything.filter((part) => isTold(source, part));
  return (
    <span className={classes.stamp}>
      {parts.map((part) =>
        isTold(source, part) ? (
          <Part key={part} part={part} at={asOf[part]} />
        ) : (
          <span key={part} className={classes.part}>
            not told by this source
          </span>
        ),
      )}
    </span>
  );
}

function Part({ part, at }: { readonly part: keyof AsOf; readonly at: string | null }) {
  const now = useNow();
  const mounted = useMounted();
  if (at === null) return <span className={classes.part}>{names[part]} not read yet</span>;
  const late = now - Date.parse(at) > lateAfter[part];
  // Usage carries the date of Microsoft's report, which is a day, not the moment we read it.
  const when = part === "usage" ? `as of ${formatDay(at.slice(0, 10))}` : formatRelative(at, now);
  const absolute = mounted ? `${formatLocal(at)} · ${formatUtc(at)}` : formatUtc(at);
  return (
    <Tooltip
      label={late ? `${absolute}. Later than expected; the next import renews it.` : absolute}
    >
      <time dateTime={at} className={classes.part} data-late={late || undefined}>
        {late && <IconClockExclamation size={14} aria-hidden />}
        {names[part]} {when}
        {late && ", late"}
      </time>
    </Tooltip>
  );
}
