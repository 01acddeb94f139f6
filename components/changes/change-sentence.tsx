import { Text } from "@mantine/core";
import type { ChangeSummary } from "#lib/domain/change-models";
import { changeSentence } from "#lib/domain/change-text";
import type { Source } from "#lib/domain/connection";
import { formatNumber } from "../ui/format.ts";

/** All changes of a publish in one sentence. */
export function ChangeSentence(props: {
  readonly summary: ChangeSummary;
  readonly source: Source;
}) {
  return (
    <Text size="sm" p="md" pb="xs">
      {changeSentence(props.summary, formatNumber, props.source !== "saas-management")}
    </Text>
  );
}
