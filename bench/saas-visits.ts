import type { Ctx } from "../lib/services/context.ts";
import { getLicense } from "../lib/services/get-license.ts";
import { getOverview } from "../lib/services/get-overview.ts";
import { getSkuMapping } from "../lib/services/get-sku-mapping.ts";
import { getSwitchPreview } from "../lib/services/get-switch-preview.ts";
import { listLicenses } from "../lib/services/list-licenses.ts";
import { listUnmatchedPeople } from "../lib/services/list-unmatched-people.ts";
import { switchSource } from "../lib/services/switch-source.ts";
import { undoSwitch } from "../lib/services/undo-switch.ts";

/** One question of a page. `ask` resolves with the rows of the answer. */
export interface SaasVisit {
  readonly name: string;
  readonly ask: () => Promise<number>;
}

const scope = { by: "saas-management", tenantId: null } as const;

/** The pages of the connection of SaaS Management that grow with the tenant, and those of the switch. */
export async function saasVisits(ctx: Ctx, connectionId: string): Promise<readonly SaasVisit[]> {
  const { items } = await listLicenses(ctx, { connectionId, limit: 100 });
  const largest = items.toSorted((a, b) => (b.consumed ?? 0) - (a.consumed ?? 0))[0];
  if (largest === undefined) throw new Error("The application has licenses.");
  const people = (given: Omit<Parameters<typeof listUnmatchedPeople>[1], "connectionId">) =>
    listUnmatchedPeople(ctx, { connectionId, limit: 50, ...given });
  const first = await people({});
  const tenth = await nthCursor(people, 10);
  const visits: SaasVisit[] = [
    { name: "overview", ask: async () => (await getOverview(ctx)) && 1 },
    { name: "licenses", ask: async () => (await listLicenses(ctx, {})).items.length },
    {
      name: "license with its twin",
      ask: async () => (await getLicense(ctx, { licenseId: largest.id })).twins.length,
    },
    {
      name: "licenses and products",
      ask: async () => (await getSkuMapping(ctx, { connectionId })).licenses.length,
    },
    {
      name: "switch preview",
      ask: async () => (await getSwitchPreview(ctx, { ...scope })).preview.licenses.length,
    },
    { name: "people not found", ask: async () => (await people({})).items.length },
    {
      name: "people not found, text of many",
      ask: async () => (await people({ search: "an" })).items.length,
    },
    {
      name: "people not found, text of nobody",
      ask: async () => (await people({ search: "zzyzx" })).items.length,
    },
  ];
  if (first.nextCursor !== null) {
    visits.push({
      name: "people not found, tenth page",
      ask: async () => (await people({ cursor: tenth })).items.length,
    });
  }
  return visits;
}

async function nthCursor(
  people: (given: { readonly cursor?: string }) => ReturnType<typeof listUnmatchedPeople>,
  pages: number,
): Promise<string> {
  let cursor: string | null = null;
  for (let page = 0; page < pages; page += 1) {
    const { nextCursor } = await people(cursor === null ? {} : { cursor });
    if (nextCursor === null) break;
    cursor = nextCursor;
  }
  return cursor ?? "";
}

/** The switch of the whole workspace and its undo. */
export function switchBoth(ctx: Ctx) {
  let supersessionId = "";
  return {
    switchOver: async () => {
      supersessionId = (await switchSource(ctx, { ...scope, confirmed: true })).id;
    },
    undo: () => undoSwitch(ctx, { supersessionId }),
  };
}

/** Licenses that count nowhere. */
export const retired = async (ctx: Ctx): Promise<number> =>
  (await listLicenses(ctx, { limit: 100 })).items.filter(({ status }) => status === "retired")
    .length;
