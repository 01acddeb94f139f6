import type { Profile } from "../profile.ts";
import { tidyMix } from "./tidy.ts";

/** A small company on business products, everything assigned directly. */
export const small: Profile = {
  mix: { ...tidyMix, guests: 0.03, onPremises: 0, groupErrors: 0, activeWithError: 0, doubles: 0 },
  groups: [],
  bundles: [
    { weight: 70, grants: [{ sku: "O365_BUSINESS_PREMIUM", via: "direct" }] },
    { weight: 18, grants: [{ sku: "EXCHANGESTANDARD", via: "direct" }] },
    { weight: 6, grants: [{ sku: "STANDARDPACK", via: "direct" }] },
    { weight: 6, grants: [] },
  ],
  addOns: [
    { sku: "POWER_BI_PRO", via: "direct", share: 0.1, on: ["O365_BUSINESS_PREMIUM"] },
    { sku: "Microsoft_365_Copilot", via: "direct", share: 0.08, on: ["O365_BUSINESS_PREMIUM"] },
    { sku: "FLOW_FREE", via: "direct", share: 0.2 },
  ],
  roomSku: "Microsoft_Teams_Rooms_Basic",
  sharedMailboxSku: "EXCHANGEENTERPRISE",
  serviceSku: "EXCHANGESTANDARD",
  subscriptions: [
    {
      sku: "O365_BUSINESS_PREMIUM",
      status: "Enabled",
      size: { ratio: 1.12 },
      createdDaysAgo: 500,
      lifecycleInDays: 48,
      partner: true,
    },
    {
      sku: "EXCHANGESTANDARD",
      status: "Enabled",
      size: { ratio: 1 },
      createdDaysAgo: 500,
      lifecycleInDays: 48,
      partner: true,
    },
    {
      sku: "STANDARDPACK",
      status: "Enabled",
      size: { ratio: 0.75 },
      createdDaysAgo: 700,
      lifecycleInDays: 30,
    },
    {
      sku: "EXCHANGEENTERPRISE",
      status: "Enabled",
      size: { ratio: 1.5 },
      createdDaysAgo: 300,
      lifecycleInDays: 65,
    },
    {
      sku: "POWER_BI_PRO",
      status: "Enabled",
      size: { ratio: 1.4 },
      createdDaysAgo: 150,
      lifecycleInDays: 215,
    },
    {
      sku: "Microsoft_365_Copilot",
      status: "Enabled",
      size: { ratio: 1.25 },
      createdDaysAgo: 90,
      lifecycleInDays: 275,
    },
    {
      sku: "Microsoft_Teams_Rooms_Basic",
      status: "Enabled",
      size: { units: 10 },
      createdDaysAgo: 300,
      lifecycleInDays: null,
    },
    {
      sku: "FLOW_FREE",
      status: "Enabled",
      size: { pool: 10_000 },
      createdDaysAgo: 800,
      lifecycleInDays: null,
    },
  ],
  unlisted: [],
  companies: ["Northwind Traders"],
};
