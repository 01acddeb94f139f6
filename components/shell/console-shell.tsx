"use client";
import { AppShell, Box, Burger, Group, ScrollArea, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import NextLink from "next/link";
import { type ReactNode, Suspense } from "react";
import type { Role } from "#lib/domain/role";
import { ClockProvider } from "../ui/clock.tsx";
import { AlertBell } from "./alert-bell.tsx";
import { ColorSchemeSwitch } from "./color-scheme-switch.tsx";
import { CommandPalette, PaletteButton } from "./command-palette.tsx";
import classes from "./console-shell.module.css";
import { Keyboard } from "./keyboard.tsx";
import { MainNavigation } from "./main-navigation.tsx";
import { PersonMenu } from "./person-menu.tsx";
import { TenantFilter } from "./tenant-filter.tsx";

/** One tenant of the workspace, for the filter and the palette. */
export interface TenantOption {
  readonly tenantId: string;
  readonly name: string;
}

export interface ShellProps {
  readonly workspaceName: string;
  readonly person: { readonly name: string; readonly role: Role };
  readonly tenants: readonly TenantOption[];
  /** Alerts nobody has acknowledged. */
  readonly newAlerts: number;
  /** The server's time of rendering, milliseconds since 1970. */
  readonly now: number;
  readonly signOut: () => Promise<void>;
  readonly children: ReactNode;
}

/** Frame of every signed-in page: navigation left, workspace and tenant filter on top. */
export function ConsoleShell(props: ShellProps) {
  const [opened, { toggle, close }] = useDisclosure(false);
  return (
    <ClockProvider now={props.now}>
      <a className="skip-link" href="#content">
        Skip to content
      </a>
      <AppShell
        header={{ height: 60 }}
        navbar={{ width: 232, breakpoint: "sm", collapsed: { mobile: !opened } }}
        padding={{ base: "md", sm: "lg" }}
      >
        <AppShell.Header className={classes.header}>
          <Group h="100%" px="md" gap="sm" wrap="nowrap">
            <Burger
              opened={opened}
              onClick={toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={opened ? "Close navigation" : "Open navigation"}
            />
            <NextLink
              href="/"
              className={classes.brand}
              aria-label={`Seatledger, ${props.workspaceName}`}
            >
              {/* biome-ignore lint/performance/noImgElement: a 400 byte vector needs no optimiser */}
              <img src="/logo.svg" width={28} height={28} alt="" />
              <Text fw={620} truncate visibleFrom="xs">
                <bdi>{props.workspaceName}</bdi>
              </Text>
            </NextLink>
            <Box flex={1} />
            <Box visibleFrom="sm" w={230}>
              <Suspense>
                <TenantFilter tenants={props.tenants} />
              </Suspense>
            </Box>
            <AlertBell initial={props.newAlerts} />
            <PaletteButton />
            <ColorSchemeSwitch />
            <PersonMenu person={props.person} signOut={props.signOut} />
          </Group>
        </AppShell.Header>
        <AppShell.Navbar p="sm">
          <ScrollArea flex={1}>
            <Suspense>
              <MainNavigation onNavigate={close} />
            </Suspense>
          </ScrollArea>
        </AppShell.Navbar>
        <AppShell.Main id="content" tabIndex={-1} className={classes.main}>
          {/* A phone's header has no room for a name. */}
          <Box hiddenFrom="sm" className={classes.narrowFilter}>
            <Suspense>
              <TenantFilter tenants={props.tenants} />
            </Suspense>
          </Box>
          {props.children}
        </AppShell.Main>
      </AppShell>
      <Suspense>
        <CommandPalette tenants={props.tenants} />
        <Keyboard />
      </Suspense>
    </ClockProvider>
  );
}
