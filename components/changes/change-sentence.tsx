import { Text } from "@mantine/core";
import type { ChangeSummary } from "#lib/domain/change-models";
import { changeSentence } from "#lib/domain/change-text";
import { formatNumber } from "../ui/format.ts";

/** All changes of a publish in one sentence. */
export function ChangeSentence({ summary }: { readonly summary: ChangeSummary }) {
  return (
    <Text size="sm" p="md" pb="xs">
      {changeSentence(summary, formatNumber)}
    </Text>
  );
}
