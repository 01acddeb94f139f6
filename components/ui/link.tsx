"use client";
import {
  ActionIcon,
  type ActionIconProps,
  Anchor,
  type AnchorProps,
  Button,
  type ButtonProps,
} from "@mantine/core";
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

/** An icon that is a link; always with a label. */
export function LinkIcon(props: ActionIconProps & Target & { readonly "aria-label": string }) {
  return <ActionIcon component={NextLink} variant="subtle" {...props} />;
}
