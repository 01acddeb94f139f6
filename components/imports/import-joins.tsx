"use client";
import { Text } from "@mantine/core";
import type { ImportItem, ImportJoin } from "#lib/domain/import-item";
import { Instant } from "../ui/clock.tsx";

/** Who else asked while this import was under way: one import answers them all. */
export function ImportJoins({ item }: { readonly item: ImportItem }) {
  return item.joinedBy.map((join) => (
    <Text key={`${join.trigger} ${join.requestedBy}`} size="sm" c="dimmed">
      <Joined join={join} />, so this import counts for both.
    </Text>
  ));
}

function Joined({ join: { trigger, requestedBy, at } }: { readonly join: ImportJoin }) {
  switch (trigger) {
    case "scheduled":
      return (
        <>
          The schedule's run was due <Instant at={at} />, while this import was under way
        </>
      );
    case "manual":
    case "first":
    case "api":
      return (
        <>
          <bdi>{requestedBy}</bdi> asked for an import <Instant at={at} />, while this one was under
          way
        </>
      );
    default:
      return trigger satisfies never;
  }
}
