import { Text } from "@mantine/core";
import { RefreshWhile } from "../ui/refresh-while.tsx";

/** Where the changes of the newest import are not listed yet; the page is renewed until they are. */
export function ComparingNote() {
  return (
    <Text size="sm" c="dimmed" role="status">
      The newest import is still being compared with the one before it. What it changed appears here
      when all of it is known; every figure is up to date already.
      <RefreshWhile />
    </Text>
  );
}
