import { Group, Skeleton, Stack, VisuallyHidden } from "@mantine/core";

/** The shape of a page while it loads; said once to screen readers. */
export function LoadingPage({ cards = 0 }: { readonly cards?: number }) {
  return (
    <Stack gap="lg" aria-busy>
      <VisuallyHidden role="status">Loading</VisuallyHidden>
      <Stack gap="xs">
        <Skeleton height={30} width="min(22rem, 70%)" />
        <Skeleton height={18} width="min(36rem, 90%)" />
      </Stack>
      {cards > 0 && (
        <Group grow wrap="wrap">
          {Array.from({ length: cards }, (_, index) => `card-${index}`).map((key) => (
            <Skeleton key={key} height={110} miw={200} />
          ))}
        </Group>
      )}
      <Skeleton height={360} />
    </Stack>
  );
}
