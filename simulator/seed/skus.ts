import { readFileSync } from "node:fs";
import { parse } from "csv-parse/sync";

/** A service plan inside a SKU, as in Microsoft's product table. */
export type ServicePlan = { id: string; name: string };

/** What kind of use a SKU allows; decides which usage reports its holders appear in. */
export type Workloads = {
  exchange: boolean;
  teams: boolean;
  sharePoint: boolean;
  apps: boolean;
  yammer: boolean;
  copilot: boolean;
};

/** A SKU of the simulated catalogue. `appliesTo: "Company"` SKUs are never assigned to people. */
export type Sku = {
  /** The part number. */
  key: string;
  skuId: string;
  partNumber: string;
  productName: string;
  appliesTo: "User" | "Company";
  plans: readonly ServicePlan[];
  workloads: Workloads;
};

const ids = {
  SPE_E5: "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
  SPE_E3: "05e9a617-0261-4cee-bb44-138d3ef5d965",
  SPE_F1: "66b55226-6b4f-492c-910c-a3b7a3c9d993",
  ENTERPRISEPACK: "6fd2c87f-b296-42f0-b197-1e91e994b900",
  STANDARDPACK: "18181a46-0d4e-45cd-891e-60aabd171b4e",
  SPB: "cbdc14ab-d96c-4c30-b9f4-6ada7cdc1d46",
  O365_BUSINESS_PREMIUM: "f245ecc8-75af-4f8e-b61f-27d8114de5f3",
  EXCHANGESTANDARD: "4b9405b0-7788-4568-add1-99614e613b69",
  EXCHANGEENTERPRISE: "19ec0d23-8335-4cbd-94ac-6050e30712fa",
  AAD_PREMIUM: "078d2b04-f1bd-4111-bbd4-b4b1b354cef4",
  AAD_PREMIUM_P2: "84a661c4-e949-4bd2-a560-ed7766fcaf2b",
  EMS: "efccb6f7-5641-4e0e-bd10-b4976e1bf68e",
  VISIOCLIENT: "c5928f49-12ba-48f7-ada3-0d743a3601d5",
  PROJECTPROFESSIONAL: "53818b1b-4a27-454b-8896-0dba576410e6",
  POWER_BI_PRO: "f8a1db68-be16-40ed-86d5-cb42ce701560",
  Microsoft_365_Copilot: "639dec6b-bb19-468b-871c-c5c441c4b0cb",
  Microsoft_Teams_Rooms_Pro: "4cde982a-ede4-4409-9ae6-b003453c8ea6",
  Microsoft_Teams_Rooms_Basic: "6af4b3d6-14bb-4a2a-960c-6c902aad34f3",
  FLOW_FREE: "f30db892-07e9-47e9-837c-80727f46fd3d",
  POWER_BI_STANDARD: "a403ebcc-fae0-4ca2-8c8c-7a907fd6c235",
  POWERAPPS_VIRAL: "dcb1a3ae-b33f-4487-846a-a640262fadf4",
  SHAREPOINTSTORAGE: "99049c9c-6011-4908-bf17-15f496e6519d",
  MCOPSTNC: "47794cd0-f0e5-45c5-9033-2eb6b5fc84e0",
} as const;

/** The SKUs the seed can hand out, named by Microsoft's part number. */
export type SkuKey = keyof typeof ids;

const companySkus: ReadonlySet<string> = new Set<SkuKey>(["SHAREPOINTSTORAGE", "MCOPSTNC"]);

/** A SKU that no catalogue and no subscription names (fault `unknown-sku`). */
export const UNKNOWN_SKU_ID = "7d0f1c52-5f0e-4a38-9b3a-0c2f6f1e8a11";

const PRODUCT_TABLE = new URL("../../db/data/microsoft-license-products.csv", import.meta.url);

/** Service plan rows of Microsoft's product table by SKU id. */
const products = readProducts();

/** Every SKU the profiles name, with its service plans from Microsoft's product table. Throws when one is missing there. */
export const skus: Readonly<Record<SkuKey, Sku>> = loadSkus();

/** The other SKUs of Microsoft's product table, in its order, each part number once: what tenants with many SKUs have. */
export const otherSkus: readonly Sku[] = loadOtherSkus();

type ProductRow = Record<string, string>;

function readProducts(): Map<string, ProductRow[]> {
  const columns = ["product", "partNumber", "skuId", "planName", "planId"];
  const rows = parse<ProductRow>(readFileSync(PRODUCT_TABLE), {
    bom: true,
    from_line: 2,
    columns: [...columns, false],
  });
  const byId = new Map<string, ProductRow[]>();
  for (const row of rows) {
    const list = byId.get(row.skuId ?? "");
    if (list) list.push(row);
    else byId.set(row.skuId ?? "", [row]);
  }
  return byId;
}

function loadSkus(): Record<SkuKey, Sku> {
  const entries = Object.entries(ids).map(
    ([key, skuId]) => [key, toSku(key, skuId, products.get(skuId))] as const,
  );
  return Object.fromEntries(entries) as Record<SkuKey, Sku>;
}

function loadOtherSkus(): Sku[] {
  const named = new Set<string>(Object.values(ids));
  const taken = new Set<string>(Object.keys(ids));
  const others: Sku[] = [];
  for (const [id, rows] of products) {
    const partNumber = rows[0]?.partNumber ?? "";
    const skuId = id.toLowerCase();
    if (named.has(skuId) || taken.has(partNumber) || !/^[0-9a-f-]{36}$/.test(skuId)) continue;
    taken.add(partNumber);
    others.push(toSku(partNumber, skuId, rows));
  }
  return others;
}

function toSku(key: string, skuId: string, rows: ProductRow[] | undefined): Sku {
  const first = rows?.[0];
  if (!rows || !first) throw new Error(`Microsoft's product table has no SKU ${key} (${skuId})`);
  const plans = rows.map((row) => ({ id: row.planId ?? "", name: row.planName ?? "" }));
  return {
    key,
    skuId,
    partNumber: key,
    productName: first.product ?? key,
    appliesTo: companySkus.has(key) ? "Company" : "User",
    plans,
    workloads: workloadsOf(plans),
  };
}

function workloadsOf(plans: readonly ServicePlan[]): Workloads {
  const has = (pattern: RegExp) => plans.some((plan) => pattern.test(plan.name));
  return {
    exchange: has(/^EXCHANGE_S_(STANDARD|ENTERPRISE|DESKLESS)/),
    teams: has(/^TEAMS1$|^MCO_TEAMS|^Teams_Room/i),
    sharePoint: has(/^SHAREPOINT(ENTERPRISE|STANDARD|DESKLESS)/),
    apps: has(/^(OFFICESUBSCRIPTION|OFFICE_BUSINESS)$/),
    yammer: has(/^YAMMER_/),
    copilot: has(/^M365_COPILOT/),
  };
}
