"use client";
import { NavLink, Stack, Text } from "@mantine/core";
import NextLink from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import {
  type Destination,
  mainDestinations,
  settingsDestinations,
  withTenant,
} from "./navigation.ts";

/** The left navigation; the tenant filter stays when changing pages. */
export function MainNavigation({ onNavigate }: { readonly onNavigate: () => void }) {
  return (
    <nav aria-label="Main">
      <Stack gap={2}>
        {mainDestinations.map((to) => (
          <Entry key={to.href} to={to} onNavigate={onNavigate} />
        ))}
        <Text size="xs" c="dimmed" fw={600} px="sm" pt="lg" pb={4}>
          Settings
        </Text>
        {settingsDestinations.map((to) => (
          <Entry key={to.href} to={to} onNavigate={onNavigate} />
        ))}
      </Stack>
    </nav>
  );
}

function Entry({ to, onNavigate }: { readonly to: Destination; readonly onNavigate: () => void }) {
  const pathname = usePathname();
  const tenant = useSearchParams().get("tenant");
  const here = to.href === "/" ? pathname === "/" : pathname.startsWith(to.href);
  const Icon = to.icon;
  return (
    <NavLink
      component={NextLink}
      href={withTenant(to.href, tenant)}
      label={to.label}
      leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
      active={here}
      color="spruce"
      variant="light"
      aria-current={here ? "page" : undefined}
      onClick={onNavigate}
      style={{ borderRadius: "var(--mantine-radius-md)" }}
    />
  );
}
