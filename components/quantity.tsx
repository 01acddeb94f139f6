"use client";
import { Anchor, Tooltip } from "@mantine/core";
import NextLink from "next/link";
import type { UnavailableReason } from "#lib/domain/quantity";
import { type UnavailableSubject, unavailableText } from "#lib/domain/unavailable-text";
import { formatNumber } from "./ui/format.ts";
import { mendedAtConnection } from "./words.ts";

export interface QuantityProps {
  /** Seats (or accounts where the label says so); null = not known. */
  readonly value: number | null;
  /** Why it is not known. */
  readonly reason?: UnavailableReason | undefined;
  /** What is unknown, for the sentence that says why. */
  readonly subject: UnavailableSubject;
  /** The rows behind the figure. */
  readonly href?: string | undefined;
  /** Where an unknown figure is mended, such as the connection. */
  readonly fixHref?: string | undefined;
  readonly retired?: boolean | undefined;
  /** What the figure counts, for the name of its link. */
  readonly label: string;
  readonly unit?: string | undefined;
}

/** One figure in its three forms: a number (a door to its rows), not known with its reason, or retired. */
export function Quantity(props: QuantityProps) {
  const { value, label, href } = props;
  if (value === null) return <UnknownFigure {...props} />;
  const text = `${formatNumber(value)}${props.unit === undefined ? "" : ` ${props.unit}`}`;
  if (props.retired) return <span className="retired">{text}</span>;
  if (href === undefined) return <span>{text}</span>;
  return (
    <Anchor
      component={NextLink}
      href={href}
      inherit
      c="inherit"
      aria-label={`${label}: ${text}`}
      underline="hover"
      prefetch={false}
    >
      {text}
    </Anchor>
  );
}

function UnknownFigure(props: QuantityProps) {
  const reason = props.reason ?? "not-imported";
  const fix = mendedAtConnection[reason] ? props.fixHref : undefined;
  const said = unavailableText(reason, props.subject);
  const why = fix === undefined ? said : `${said} Open the connection to mend it.`;
  const name = `${props.label}: unknown. ${why}`;
  return (
    <Tooltip label={why}>
      {fix === undefined ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: the reason must be readable by keyboard
        <span className="unknown-figure" tabIndex={0} role="img" aria-label={name}>
          –
        </span>
      ) : (
        <NextLink className="unknown-figure" href={fix} aria-label={name} prefetch={false}>
          –
        </NextLink>
      )}
    </Tooltip>
  );
}
