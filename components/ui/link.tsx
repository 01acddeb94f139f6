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

/** A link that looks like a button: it goes somewhere and changes nothing. */
export function LinkButton(props: ButtonProps & Target) {
  return <Button component={NextLink} {...props} />;
}
