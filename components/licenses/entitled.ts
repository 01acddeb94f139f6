import type { LicenseDetail, LicenseItem } from "#lib/domain/license-item";
import { formatNumber } from "../ui/format.ts";

/** What a license's entitled seats are made of, in words. Source: DESIGN §5. */
export const entitledFormula = ({ source }: Pick<LicenseItem, "source">): string =>
  source === "saas-management" ? "quantities of the terms in force" : "enabled + expiring";

const said = (value: number | null): string => (value === null ? "unknown" : formatNumber(value));

/** `a + b = c` with words for what is unknown; a single part is its own sum. */
const sumOf = (parts: readonly (number | null)[], result: number | null): string =>
  parts.length === 1 ? said(result) : `${parts.map(said).join(" + ")} = ${said(result)}`;

/** `a − b = c` with words for what is unknown; both known and no result: nobody knows how much more is to be taken off. */
export const differenceOf = (a: number | null, b: number | null, result: number | null): string =>
  a !== null && b !== null && result === null
    ? `${said(a)} − at least ${said(b)}: unknown`
    : `${said(a)} − ${said(b)} = ${said(result)}`;

/** How a license's entitled seats come about, with its own figures. */
export function entitledSum(
  license: Pick<LicenseDetail, "source" | "enabled" | "expiring" | "entitled" | "application">,
): string {
  if (license.source !== "saas-management") {
    return sumOf([license.enabled, license.expiring], license.entitled);
  }
  const terms = license.application?.terms ?? [];
  const inForce = terms.filter(({ state }) => state === "in-force").map(({ units }) => units);
  if (inForce.length > 0) return sumOf(inForce, license.entitled);
  return terms.length === 0
    ? "no term is told: unknown"
    : `no term is in force: ${said(license.entitled)}`;
}
