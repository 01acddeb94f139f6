import { expect, test } from "vitest";
import { cloudHint } from "./cloud-hint.ts";

test.each([
  ["agency.onmicrosoft.us", "global", "US Government"],
  ["Agency.OnMicrosoft.us ", "china", "US Government"],
  ["contoso.partner.onmschina.cn", "global", "China"],
  ["contoso.onmschina.cn", "us-gov-l4", "China"],
] as const)("%s with %s chosen: %s", (tenant, chosen, name) => {
  expect(cloudHint(tenant, chosen)).toContain(`looks like a tenant of ${name}`);
});

test.each([
  ["agency.onmicrosoft.us", "us-gov-l4"],
  ["agency.onmicrosoft.us", "us-gov-l5"],
  ["contoso.partner.onmschina.cn", "china"],
  ["contoso.onmicrosoft.com", "us-gov-l4"],
  ["contoso.com", "global"],
  ["onmicrosoft.us.example", "global"],
  ["", "global"],
] as const)("%s with %s chosen says nothing", (tenant, chosen) => {
  expect(cloudHint(tenant, chosen)).toBeNull();
});
