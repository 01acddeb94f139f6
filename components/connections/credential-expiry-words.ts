import type { CredentialItem } from "#lib/domain/credential-item";
import type { UtcDay } from "#lib/domain/license";
import type { ToldFailure } from "#lib/domain/read-models";
import { daysBetween } from "#lib/domain/utc-day";
import { countOf, formatDay } from "../ui/format.ts";
import { credentialLabels, type Tone } from "../words.ts";

/** People are warned this many days before a credential expires. Source: reference/fault-catalogue.md §3. */
const warnBefore = 60;

/**
 * When a credential expires, in words; louder the nearer it is. Once Microsoft has refused it as expired, the day entered
 * for it is not counted down to: the failure names it.
 */
export function credentialExpiryWords(
  credential: {
    readonly kind: CredentialItem["credential"];
    /** ISO UTC; null = nobody has said. */
    readonly expiresAt: string | null;
  },
  today: UtcDay,
  problem: Pick<ToldFailure, "code"> | null = null,
): { readonly text: string; readonly tone: Extract<Tone, "quiet" | "warn" | "risk"> } {
  const name = credentialLabels[credential.kind];
  if (expiryTold(problem)) return { text: `${name}, expired`, tone: "risk" };
  const day = credential.expiresAt?.slice(0, 10) ?? null;
  if (day === null) return { text: `${name} without a known expiry date`, tone: "quiet" };
  const left = daysBetween(today, day);
  return {
    text: `${name} ${said(left)} on ${formatDay(day)}`,
    tone: left < 0 ? "risk" : left < warnBefore ? "warn" : "quiet",
  };
}

/** Whether a connection's problem says that its credential has expired: beside it nothing else has to. */
export const expiryTold = (problem: Pick<ToldFailure, "code"> | null): boolean =>
  problem?.code === "secret-expired";

const said = (left: number): string =>
  left < 0 ? "expired" : left === 0 ? "expires today," : `expires in ${countOf(left, "day")},`;
