"use client";
import { Text } from "@mantine/core";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { retiredReasonLabels } from "#lib/domain/labels";
import { Quantity } from "../quantity.tsx";

/**
 * A figure of the licenses of a connection that count. None is made up before the first published import
 * (fault-catalogue E13), nor where another connector counts for the tenant.
 */
export function ConnectionFigure(props: {
  readonly connection: ConnectionItem;
  readonly label: string;
  /** Null = not known, because nothing tells whether seats are used. */
  readonly value: number | null;
  readonly href: string | undefined;
}) {
  const { connection, label, value, href } = props;
  const read = connection.asOf.directory !== null;
  if (read && connection.leftOut !== null) {
    return (
      <Text span inherit c="dimmed">
        Not counted
      </Text>
    );
  }
  return (
    <Quantity
      label={label}
      value={read ? value : null}
      {...(read
        ? { subject: "activity", reason: "not-reported" }
        : { subject: "directory", reason: "not-imported" })}
      href={href}
      fixHref={`/connections/${connection.id}`}
    />
  );
}

/** Which connector counts instead, in words; nothing where this one does. */
export function LeftOutNote({ reason }: { readonly reason: ConnectionItem["leftOut"] }) {
  if (reason === null) return null;
  return (
    <Text size="xs" c="dimmed">
      {retiredReasonLabels[reason].label}
    </Text>
  );
}
