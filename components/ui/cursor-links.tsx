"use client";
import { Group } from "@mantine/core";
import { usePathname, useSearchParams } from "next/navigation";
import { LinkButton } from "./link.tsx";

/** On to the next page and back to the first; the pages between are the browser's history. */
export function CursorLinks({ nextCursor }: { readonly nextCursor: string | null }) {
  const pathname = usePathname();
  const search = useSearchParams();
  const paged = search.has("cursor");
  if (!paged && nextCursor === null) return null;
  const to = (cursor: string | null): string => {
    const next = new URLSearchParams(search);
    if (cursor === null) next.delete("cursor");
    else next.set("cursor", cursor);
    return next.size === 0 ? pathname : `${pathname}?${next}`;
  };
  return (
    <Group gap="xs" justify="flex-end" component="nav" aria-label="Pages">
      {paged && (
        <LinkButton href={to(null)} variant="default" size="xs" prefetch={false}>
          First page
        </LinkButton>
      )}
      {nextCursor !== null && (
        <LinkButton href={to(nextCursor)} variant="default" size="xs" prefetch={false}>
          Next page
        </LinkButton>
      )}
    </Group>
  );
}
