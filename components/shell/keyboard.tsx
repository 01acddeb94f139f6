"use client";
import { Group, Kbd, Modal, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useRouter, useSearchParams } from "next/navigation";
import { useEffect, useEffectEvent, useRef } from "react";
import { openPalette } from "./command-palette.tsx";
import { onKeyboardHelp } from "./keyboard-help.ts";
import { alertsDestination, mainDestinations, withTenant } from "./navigation.ts";

const destinations = [...mainDestinations, alertsDestination];

/** A second key counts when it follows `g` within this long. Milliseconds. */
const sequenceWindow = 1_200;

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement &&
  (target.isContentEditable || target.matches("input, textarea, select, [role=combobox]"));

const isDialogOpen = (): boolean => document.querySelector("[role=dialog]") !== null;

/** `/` search, `g` then a letter to go somewhere, `?` help. Esc closes dialogs by itself. */
export function Keyboard() {
  const router = useRouter();
  const tenant = useSearchParams().get("tenant");
  const [opened, { open, close }] = useDisclosure(false);
  const pressedG = useRef(0);
  const onKey = useEffectEvent((event: KeyboardEvent) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (isTyping(event.target) || isDialogOpen()) return;
    const destination = destinations.find(({ key }) => key === event.key);
    if (destination !== undefined && Date.now() - pressedG.current < sequenceWindow) {
      event.preventDefault();
      router.push(withTenant(destination.href, tenant));
    } else if (event.key === "/") {
      event.preventDefault();
      focusSearch();
    } else if (event.key === "?") {
      event.preventDefault();
      open();
    }
    pressedG.current = event.key === "g" ? Date.now() : 0;
  });
  useEffect(() => {
    const listener = (event: KeyboardEvent): void => onKey(event);
    window.addEventListener("keydown", listener);
    return () => window.removeEventListener("keydown", listener);
  }, []);
  useEffect(() => onKeyboardHelp(open), [open]);
  return (
    <Modal opened={opened} onClose={close} title="Keyboard shortcuts">
      <Stack gap="xs">
        <Shortcut keys={["/"]} does="Search this page, or everything" />
        <Shortcut keys={["Ctrl", "K"]} does="Go to a page or tenant" />
        {destinations.map((to) => (
          <Shortcut key={to.href} keys={["g", to.key ?? ""]} does={to.label} />
        ))}
        <Shortcut keys={["↑", "↓"]} does="Walk through the rows of a table" />
        <Shortcut keys={["Enter"]} does="Open the row" />
        <Shortcut keys={["Esc"]} does="Close what is open" />
        <Shortcut keys={["?"]} does="This help" />
      </Stack>
    </Modal>
  );
}

/** The page's own search field; where there is none, the palette. */
const focusSearch = (): void => {
  const field = document.querySelector<HTMLInputElement>("[data-page-search]");
  if (field === null) openPalette();
  else {
    field.focus();
    field.select();
  }
};

function Shortcut(props: { readonly keys: readonly string[]; readonly does: string }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Text size="sm">{props.does}</Text>
      <Group gap={4} wrap="nowrap">
        {props.keys.map((key) => (
          <Kbd key={key}>{key}</Kbd>
        ))}
      </Group>
    </Group>
  );
}
