import type { CredentialItem } from "#lib/domain/credential-item";
import { countOf } from "../ui/format.ts";

/** How many credentials are near their end, in one sentence. */
export function CredentialsAnswer({ rows }: { readonly rows: readonly CredentialItem[] }) {
  const expired = rows.filter(({ stage }) => stage === "expired").length;
  const near = rows.filter(({ stage }) => stage !== null && stage !== "expired").length;
  const unknown = rows.filter(({ expiresAt }) => expiresAt === null).length;
  const parts = [
    expired === 0
      ? "None has expired"
      : `${countOf(expired, "credential has", "credentials have")} expired`,
    near === 0 ? "none ends within 60 days" : `${countOf(near, "ends", "end")} within 60 days`,
    ...(unknown === 0
      ? []
      : [
          `of ${countOf(unknown, "credential", "credentials")} nobody has said when ${unknown === 1 ? "it ends" : "they end"}`,
        ]),
  ];
  return `${parts.join("; ")}. We warn 60, 30, 7 and 1 days before, and on the day.`;
}
