import type { LicenseItem } from "#lib/domain/license-item";
import type { ConnectedTenant } from "../workspace.ts";

/** Each page of the console with something on it: a name for the report, and its path. */
export const everyPage = (
  { connectionId, importId, tenant }: ConnectedTenant,
  license: LicenseItem,
): readonly (readonly [name: string, path: string])[] => [
  ["overview", "/"],
  ["licenses", "/licenses"],
  ["license, assignments", `/licenses/${license.id}`],
  ["license, opportunities", `/licenses/${license.id}?tab=opportunities`],
  ["license, subscriptions", `/licenses/${license.id}?tab=subscriptions`],
  ["license, history", `/licenses/${license.id}?tab=history`],
  ["license, changes", `/licenses/${license.id}?tab=changes`],
  ["opportunities", "/opportunities"],
  ["connections", "/connections"],
  ["connection", `/connections/${connectionId}`],
  ["move to another connector", `/connections/${connectionId}/move?to=saas-management`],
  ["integrations", "/settings/integrations"],
  ["switch of the workspace", "/settings/integrations/saas-management"],
  ["credentials", "/connections/credentials"],
  ["alerts", "/alerts"],
  ["alerts that are over", "/alerts?tab=resolved"],
  ["import", `/imports/${importId}`],
  ["members", "/settings/members"],
  ["wizard, method", "/connections/new"],
  ["wizard, tenant", "/connections/new?method=multi-tenant-app"],
  ["wizard of packages, tenant", "/connections/new/office-365"],
  ["wizard of SaaS Management, organisation", "/connections/new/saas-management"],
  ["wizard, tenant of an own app", "/connections/new?method=registered-app"],
  ["licenses of one tenant", `/licenses?tenant=${tenant.id}`],
  ["nothing fits", "/licenses?search=nothing-has-this-name"],
  ["not found", "/licenses/00000000-0000-4000-8000-000000000000"],
  ["refused return from Microsoft", "/connect/refused?reason=declined"],
];
