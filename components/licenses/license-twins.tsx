import { Group, Text } from "@mantine/core";
import { sourceLabels } from "#lib/domain/connection-labels";
import { retiredReasonLabels } from "#lib/domain/labels";
import type { LicenseTwin } from "#lib/domain/license-item";
import { formatNumber, lowerFirst } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";

/** The same tenant and SKU as other connectors report it; nothing without one. */
export function LicenseTwins({ twins }: { readonly twins: readonly LicenseTwin[] }) {
  if (twins.length === 0) return null;
  return (
    <Group gap="xs" component="ul" m={0} p={0} style={{ listStyle: "none" }}>
      {twins.map((twin) => (
        <Text key={twin.id} size="sm" component="li">
          <TextLink href={`/licenses/${twin.id}`} inherit underline="always">
            Also in {sourceLabels[twin.source]}
          </TextLink>
          : {figuresOf(twin)}, {stateOf(twin)}
        </Text>
      ))}
    </Group>
  );
}

const seats = (value: number | null): string =>
  value === null ? "not known" : formatNumber(value);

const figuresOf = ({ entitled, consumed }: LicenseTwin): string =>
  `${seats(entitled)} entitled, ${seats(consumed)} consumed`;

const stateOf = ({ status, retiredReason }: LicenseTwin): string => {
  if (status === "active") return "counts";
  return retiredReason === null ? "retired" : lowerFirst(retiredReasonLabels[retiredReason].label);
};
