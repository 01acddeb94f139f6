"use client";
import { Select } from "@mantine/core";
import { IconBuilding } from "@tabler/icons-react";
import { usePathname } from "next/navigation";
import { parseAsString, useQueryStates } from "nuqs";
import { useTransition } from "react";
import type { TenantOption } from "./console-shell.tsx";

/** Pages about one thing of one tenant are not narrowed by the filter. */
const filtered = (pathname: string): boolean =>
  ["/", "/licenses", "/opportunities", "/connections", "/alerts"].includes(pathname);

/** The global tenant filter: all tenants, or one, kept in the URL. */
export function TenantFilter({ tenants }: { readonly tenants: readonly TenantOption[] }) {
  const pathname = usePathname();
  const [pending, startTransition] = useTransition();
  const [{ tenant }, setUrl] = useQueryStates(
    { tenant: parseAsString, cursor: parseAsString },
    { shallow: false, history: "push", startTransition },
  );
  if (tenants.length === 0 || !filtered(pathname)) return null;
  return (
    <Select
      aria-label="Tenant"
      placeholder="All tenants"
      data={tenants.map(({ tenantId, name }) => ({ value: tenantId, label: name }))}
      value={tenant}
      onChange={(value) => void setUrl({ tenant: value, cursor: null })}
      clearable
      clearButtonProps={{ "aria-label": "Show all tenants" }}
      searchable={tenants.length > 8}
      leftSection={<IconBuilding size={16} aria-hidden />}
      aria-busy={pending}
      comboboxProps={{ position: "bottom-end" }}
    />
  );
}
