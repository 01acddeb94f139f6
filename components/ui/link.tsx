"use client";
import { Anchor, type AnchorProps, Button, type ButtonProps } from "@mantine/core";
import NextLink from "next/link";
import type { ReactNode } from "react";

interface Target {
  readonly href: string;
  readonly children?: ReactNode;
  readonly "aria-label"?: string;
  readonly "aria-current"?: "page" | "true";
  readonly prefetch?: boolean;
}

/** A link in text. */
export function TextLink(props: AnchorProps & Target) {
  return <Anchor component={NextLink} {...props} />;
}

/** A link that looks like a button: it goes somewhere and changes nothing. A long one `wraps` on a narrow screen. */
export function LinkButton({
  wraps = false,
  ...props
}: ButtonProps & Target & { readonly wraps?: boolean }) {
  const wrapping = {
    h: "auto",
    py: 8,
    styles: { label: { whiteSpace: "normal", lineHeight: 1.3 } },
  } as const;
  return <Button component={NextLink} {...(wraps ? wrapping : {})} {...props} />;
}
