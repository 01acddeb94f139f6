import { cache } from "react";
import type { LicenseDetail } from "#lib/domain/license-item";
import { loadOne } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { getLicense } from "#lib/services/get-license";

/** The license the address names, looked up once per request; an unknown one ends on the not-found page. */
export const findLicense = cache(async (licenseId: string): Promise<LicenseDetail> => {
  const { ctx } = await requireContext();
  return loadOne(getLicense(ctx, { licenseId }));
});
