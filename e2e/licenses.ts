import type { LicenseItem } from "#lib/domain/license-item";
import type { Page } from "#lib/domain/read-models";
import type { Api } from "./api.ts";

/** All licenses of a connection as the API tells them, by part number. */
export async function licensesOf(
  api: Api,
  connectionId: string,
): Promise<ReadonlyMap<string, LicenseItem>> {
  const { items } = await api.get<Page<LicenseItem>>(
    `/licenses?connectionId=${connectionId}&limit=100`,
  );
  return new Map(items.map((item) => [item.partNumber ?? item.id, item]));
}

/** The license most people hold; its figures are large enough to tell changes by. */
export async function largestLicense(api: Api, connectionId: string): Promise<LicenseItem> {
  const licenses = [...(await licensesOf(api, connectionId)).values()];
  const [largest] = licenses.toSorted((a, b) => (b.consumed ?? 0) - (a.consumed ?? 0));
  if (largest === undefined) throw new Error("The connection has no license.");
  return largest;
}
