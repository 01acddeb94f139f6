import {
  IconArrowsExchange,
  IconBell,
  IconBulb,
  IconLayoutDashboard,
  IconLicense,
  IconPlugConnected,
  IconUsers,
  type TablerIcon,
} from "@tabler/icons-react";

export interface Destination {
  readonly label: string;
  readonly href: string;
  readonly icon: TablerIcon;
  /** Second key after `g`. */
  readonly key?: string;
}

export const mainDestinations: readonly Destination[] = [
  { label: "Overview", href: "/", icon: IconLayoutDashboard, key: "h" },
  { label: "Licenses", href: "/licenses", icon: IconLicense, key: "l" },
  { label: "Opportunities", href: "/opportunities", icon: IconBulb, key: "o" },
  { label: "Connections", href: "/connections", icon: IconPlugConnected, key: "c" },
];

/** Reached by the bell, the palette and the keyboard. */
export const alertsDestination: Destination = {
  label: "Alerts",
  href: "/alerts",
  icon: IconBell,
  key: "a",
};

export const settingsDestinations: readonly Destination[] = [
  { label: "Integrations", href: "/settings/integrations", icon: IconArrowsExchange },
  { label: "Members", href: "/settings/members", icon: IconUsers },
];

/** The global tenant filter goes along from page to page. */
export const withTenant = (href: string, tenant: string | null): string =>
  tenant === null || href.startsWith("/settings")
    ? href
    : `${href}?tenant=${encodeURIComponent(tenant)}`;
