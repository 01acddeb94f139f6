/** A SKU Microsoft gives away in pools that nobody bought. `name` as in Microsoft's product table. */
export interface FreePoolSku {
  readonly skuId: string;
  readonly partNumber: string;
  readonly name: string;
}

/** Free and self-service SKUs. Source: reference/microsoft-graph.md §5.1. */
export const freeSkus: readonly FreePoolSku[] = [
  {
    skuId: "f30db892-07e9-47e9-837c-80727f46fd3d",
    partNumber: "FLOW_FREE",
    name: "Microsoft Power Automate Free",
  },
  {
    skuId: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
    partNumber: "POWER_BI_STANDARD",
    name: "Microsoft Fabric (Free)",
  },
  {
    skuId: "ade29b5f-397e-4eb9-a287-0344bd46c68d",
    partNumber: "POWER_BI_STANDARD_FACULTY",
    name: "Microsoft Fabric (Free) for faculty",
  },
  {
    skuId: "bdcaf6aa-04c1-4b8f-b64e-6e3bd505ac64",
    partNumber: "POWER_BI_STANDARD_STUDENT",
    name: "Microsoft Fabric (Free) for student",
  },
  {
    skuId: "6470687e-a428-4b7a-bef2-8a291ad947c9",
    partNumber: "WINDOWS_STORE",
    name: "Windows Store for Business",
  },
  {
    skuId: "c7e9d9e6-1981-4bf3-bb50-a5bdfaa06fb2",
    partNumber: "WSFB_EDU_FACULTY",
    name: "Windows Store for Business EDU Faculty",
  },
  { skuId: "1f2f344a-700d-42c9-9427-5cea1d5d7ba6", partNumber: "STREAM", name: "Microsoft Stream" },
  {
    skuId: "710779e8-3d4a-4c88-adb9-386c958d1fdf",
    partNumber: "TEAMS_EXPLORATORY",
    name: "Microsoft Teams Exploratory",
  },
  {
    skuId: "e0dfc8b9-9531-4ec8-94b4-9fec23b05fc8",
    partNumber: "Microsoft_Teams_Exploratory_Dept",
    name: "Microsoft Teams Exploratory Dept",
  },
  {
    skuId: "16ddbbfc-09ea-4de2-b1d7-312db6112d70",
    partNumber: "TEAMS_FREE",
    name: "Microsoft Teams (Free)",
  },
  {
    skuId: "8c4ce438-32a7-4ac5-91a6-e22ae08d9c8b",
    partNumber: "RIGHTSMANAGEMENT_ADHOC",
    name: "Rights Management Adhoc",
  },
  {
    skuId: "093e8d14-a334-43d9-93e3-30589a8b47d0",
    partNumber: "RMSBASIC",
    name: "Rights Management Service Basic Content Protection",
  },
  {
    skuId: "5b631642-bd26-49fe-bd20-1daaa972ef80",
    partNumber: "POWERAPPS_DEV",
    name: "Microsoft Power Apps for Developer",
  },
  {
    skuId: "87bbbc60-4754-4998-8c88-227dca264858",
    partNumber: "POWERAPPS_INDIVIDUAL_USER",
    name: "Power Apps and Logic Flows",
  },
  {
    skuId: "90d8b3f8-712e-4f7b-aa1e-62e7ae6cbe96",
    partNumber: "SMB_APPS",
    name: "Business Apps (free)",
  },
  { skuId: "8f0c5670-4e56-4892-b06d-91c085d7004f", partNumber: "SPZA_IW", name: "App Connect IW" },
];

/** Trial and viral SKUs. Source: reference/microsoft-graph.md §5.1. */
export const viralSkus: readonly FreePoolSku[] = [
  {
    skuId: "74fbf1bb-47c6-4796-9623-77dc7371723b",
    partNumber: "MS_TEAMS_IW",
    name: "Microsoft Teams Trial",
  },
  {
    skuId: "29a2f828-8f39-4837-b8ff-c957e86abe3c",
    partNumber: "TEAMS_COMMERCIAL_TRIAL",
    name: "Microsoft Teams Commercial Cloud",
  },
  {
    skuId: "dcb1a3ae-b33f-4487-846a-a640262fadf4",
    partNumber: "POWERAPPS_VIRAL",
    name: "Microsoft Power Apps Plan 2 Trial",
  },
  {
    skuId: "606b54a9-78d8-4298-ad8b-df6ef4481c80",
    partNumber: "CCIBOTS_PRIVPREV_VIRAL",
    name: "Microsoft Copilot Studio Viral Trial",
  },
  {
    skuId: "3f9f06f5-3c31-472c-985f-62d9c10ec167",
    partNumber: "Power_Pages_vTrial_for_Makers",
    name: "Power Pages vTrial for Makers",
  },
  {
    skuId: "6ec92958-3cc1-49db-95bd-bc6b3798df71",
    partNumber: "Dynamics_365_Sales_Premium_Viral_Trial",
    name: "Dynamics 365 Sales Premium Viral Trial",
  },
  {
    skuId: "1e615a51-59db-4807-9957-aa83c3657351",
    partNumber: "Dynamics_365_Customer_Service_Enterprise_viral_trial",
    name: "Dynamics 365 Customer Service Enterprise Viral Trial",
  },
  {
    skuId: "94a6fbd4-6a2f-4990-b356-dc7dd8bed08a",
    partNumber: "Dynamics_365_Customer_Service_Enterprise_admin_trial",
    name: "Dynamics 365 Customer Service Enterprise Admin",
  },
  {
    skuId: "29fcd665-d8d1-4f34-8eed-3811e3fca7b3",
    partNumber: "Dynamics_365_Field_Service_Enterprise_viral_trial",
    name: "Dynamics 365 Field Service Viral Trial",
  },
  {
    skuId: "99cb3f83-fbec-4aa1-8262-9679e6df7c53",
    partNumber: "Dynamics_365_Guides_vTrial",
    name: "Dynamics 365 Guides vTrial",
  },
  {
    skuId: "036c2481-aa8a-47cd-ab43-324f0c157c2d",
    partNumber: "DYN365_CUSTOMER_INSIGHTS_VIRAL",
    name: "Dynamics 365 Customer Insights vTrial",
  },
  {
    skuId: "61e6bd70-fbdb-4deb-82ea-912842f39431",
    partNumber: "DYN365_AI_SERVICE_INSIGHTS",
    name: "Dynamics 365 Customer Service Insights Trial",
  },
  {
    skuId: "338148b6-1b11-4102-afb9-f92b6cdc0f8d",
    partNumber: "DYN365_ENTERPRISE_P1_IW",
    name: "Dynamics 365 P1 Tria for Information Workers",
  },
  {
    skuId: "1508ad2d-5802-44e6-bfe8-6fb65de63d28",
    partNumber: "DYN365_RETAIL_TRIAL",
    name: "Dynamics 365 Commerce Trial",
  },
  {
    skuId: "7ed4877c-0863-4f69-9187-245487128d4f",
    partNumber: "DYN365_REGULATORY_SERVICE",
    name: "Dynamics 365 Regulatory Service - Enterprise Edition Trial",
  },
  {
    skuId: "9c7bff7a-3715-4da7-88d3-07f57f8d0fb6",
    partNumber: "D365_SALES_PRO_IW",
    name: "Dynamics 365 For Sales Professional Trial",
  },
  {
    skuId: "3a256e9a-15b6-4092-b0dc-82993f4debc6",
    partNumber: "SKU_Dynamics_365_for_HCM_Trial",
    name: "Dynamics 365 for Talent",
  },
  {
    skuId: "fcecd1f9-a91e-488d-a918-a96cdb6ce2b0",
    partNumber: "AX7_USER_TRIAL",
    name: "Microsoft Dynamics AX7 User Trial",
  },
  {
    skuId: "6a4a1628-9b9a-424d-bed5-4118f0ede3fd",
    partNumber: "PROJECT_MADEIRA_PREVIEW_IW_SKU",
    name: "Dynamics 365 Business Central for IWs",
  },
  {
    skuId: "bc946dac-7877-4271-b2f7-99d2db13cd2c",
    partNumber: "FORMS_PRO",
    name: "Dynamics 365 Customer Voice Trial",
  },
  {
    skuId: "556640c0-53ea-4773-907d-29c55332983f",
    partNumber: "Microsoft_Cloud_for_Sustainability_vTrial",
    name: "Microsoft Cloud for Sustainability vTrial",
  },
  {
    skuId: "7792674b-fa0c-4af5-b2a1-a15239f933b6",
    partNumber: "Microsoft_Copilot_for_Finance_trial",
    name: "Microsoft 365 Copilot for Finance (Preview)",
  },
];

const freePoolIds: ReadonlySet<string> = new Set(
  [...freeSkus, ...viralSkus].map((sku) => sku.skuId),
);

/**
 * Whether a license is a free pool: the admin's decision where there is one (true or false), else the list.
 * `skuId` in any case; null (no SKU) is none. Source: DESIGN §5 Flags `free-pool`, fault-catalogue B41.
 */
export const isFreePool = (skuId: string | null, decision: boolean | null): boolean =>
  decision ?? (skuId !== null && freePoolIds.has(skuId.toLowerCase()));
