import { Text } from "@mantine/core";
import type { GrantChanges } from "#lib/domain/consent-gap";

/** What a verification saw granted or withdrawn against the one before; nothing when both agree. */
export function GrantChangesNote({ changes }: { readonly changes: GrantChanges }) {
  const { granted, withdrawn } = changes;
  if (granted.length === 0 && withdrawn.length === 0) return null;
  return (
    <section aria-label="Since the verification before">
      <Text size="sm" fw={600}>
        Since the verification before
      </Text>
      {granted.length > 0 && <Text size="sm">Newly granted: {granted.join(", ")}.</Text>}
      {withdrawn.length > 0 && <Text size="sm">No longer granted: {withdrawn.join(", ")}.</Text>}
    </section>
  );
}
