"use client";
import { Button, Code, CopyButton, Stack } from "@mantine/core";

/** A block of text with a button that copies all of it. */
export function CopyBlock(props: { readonly text: string; readonly label: string }) {
  return (
    <Stack gap={6} align="flex-start">
      <Code block className="wrap-anywhere" style={{ whiteSpace: "pre-wrap" }}>
        {props.text}
      </Code>
      <CopyButton value={props.text}>
        {({ copied, copy }) => (
          <Button size="compact-xs" variant="default" onClick={copy}>
            {copied ? "Copied" : `Copy ${props.label}`}
          </Button>
        )}
      </CopyButton>
    </Stack>
  );
}
