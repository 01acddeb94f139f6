import { Group, Text } from "@mantine/core";

/** The product's mark and name, on pages outside the console. */
export function Brand() {
  return (
    <Group gap="sm">
      {/* biome-ignore lint/performance/noImgElement: a 400 byte vector needs no optimiser */}
      <img src="/logo.svg" width={32} height={32} alt="" />
      <Text fw={620} size="lg">
        Seatledger
      </Text>
    </Group>
  );
}
