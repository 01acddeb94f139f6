import { Text } from "@mantine/core";
import type { CommandError } from "./use-command.ts";

/** What an action refused, in its own words. With `fieldsTell`, errors of fields stand at them and not here as well. */
export function CommandFailure(props: {
  readonly error: CommandError | null;
  readonly fieldsTell?: boolean;
}) {
  const { error, fieldsTell = false } = props;
  if (error === null) return null;
  if (fieldsTell && Object.keys(error.fields ?? {}).length > 0) return null;
  return (
    <Text size="sm" c="var(--mantine-color-error)" role="alert">
      {error.message}
    </Text>
  );
}
