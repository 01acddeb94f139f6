"use client";
import { ActionIcon, Tooltip } from "@mantine/core";
import { Spotlight, type SpotlightActionGroupData, spotlight } from "@mantine/spotlight";
import { IconBuilding, IconSearch } from "@tabler/icons-react";
import { useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import type { TenantOption } from "./console-shell.tsx";
import {
  alertsDestination,
  mainDestinations,
  settingsDestinations,
  withTenant,
} from "./navigation.ts";

export const openPalette = (): void => spotlight.open();

/** Opens the palette by pointer; the keyboard has Ctrl K. */
export function PaletteButton() {
  return (
    <Tooltip label="Search and go (Ctrl K)">
      <ActionIcon
        variant="subtle"
        color="gray"
        size="lg"
        aria-label="Search and go"
        onClick={openPalette}
      >
        <IconSearch size={18} />
      </ActionIcon>
    </Tooltip>
  );
}

/** Goes to a page, narrows to a tenant, or searches licenses for what was typed. */
export function CommandPalette({ tenants }: { readonly tenants: readonly TenantOption[] }) {
  const router = useRouter();
  const tenant = useSearchParams().get("tenant");
  const [query, setQuery] = useState("");
  const pages: SpotlightActionGroupData = {
    group: "Go to",
    actions: [...mainDestinations, alertsDestination, ...settingsDestinations].map((to) => ({
      id: to.href,
      label: to.label,
      leftSection: <to.icon size={18} stroke={1.7} />,
      onClick: () => router.push(withTenant(to.href, tenant)),
    })),
  };
  const licenses: SpotlightActionGroupData = {
    group: "Licenses of a tenant",
    actions: tenants.map(({ tenantId, name }) => ({
      id: tenantId,
      label: name,
      leftSection: <IconBuilding size={18} stroke={1.7} />,
      onClick: () => router.push(withTenant("/licenses", tenantId)),
    })),
  };
  const search: SpotlightActionGroupData = {
    group: "Search",
    actions:
      query.trim() === ""
        ? []
        : [
            {
              id: "search-licenses",
              label: `Licenses named \u201C${query.trim()}\u201D`,
              leftSection: <IconSearch size={18} stroke={1.7} />,
              onClick: () => router.push(`/licenses?search=${encodeURIComponent(query.trim())}`),
            },
          ],
  };
  return (
    <Spotlight
      actions={[pages, licenses, search]}
      query={query}
      onQueryChange={setQuery}
      nothingFound="Nothing of that name"
      shortcut="mod + K"
      scrollable
      maxHeight={420}
      searchProps={{
        placeholder: "Page, tenant or license",
        "aria-label": "Page, tenant or license",
      }}
    />
  );
}
