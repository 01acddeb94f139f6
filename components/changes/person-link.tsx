"use client";
import { Anchor, type AnchorProps } from "@mantine/core";
import NextLink from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import type { ReactNode } from "react";

/** Opens an account beside the page one is on; filters and page of the list stay as they are. */
export function PersonLink(
  props: AnchorProps & { readonly userId: string; readonly children: ReactNode },
) {
  const { userId, ...anchor } = props;
  const pathname = usePathname();
  const search = new URLSearchParams(useSearchParams());
  search.set("person", userId);
  return (
    <Anchor
      component={NextLink}
      href={`${pathname}?${search}`}
      scroll={false}
      prefetch={false}
      c="inherit"
      {...anchor}
    />
  );
}
