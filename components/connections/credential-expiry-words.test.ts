import { expect, it } from "vitest";
import { credentialExpiryWords } from "./credential-expiry-words.ts";

const today = "2026-11-23";
const secretUntil = (day: string | null) =>
  ({ kind: "secret", expiresAt: day && `${day}T00:00:00.000Z` }) as const;

it.each([
  [null, "Client secret without a known expiry date", "quiet"],
  ["2027-03-01", "Client secret expires in 98 days, on 1 Mar 2027", "quiet"],
  ["2026-11-24", "Client secret expires in 1 day, on 24 Nov 2026", "warn"],
  ["2026-11-23", "Client secret expires today, on 23 Nov 2026", "warn"],
  ["2026-11-22", "Client secret expired on 22 Nov 2026", "risk"],
] as const)("an end of %s", (day, text, tone) => {
  expect(credentialExpiryWords(secretUntil(day), today)).toEqual({ text, tone });
});

it("counts down to no day, past or to come, once Microsoft has refused it as expired", () => {
  for (const day of ["2027-03-01", "2026-11-22", null]) {
    expect(credentialExpiryWords(secretUntil(day), today, { code: "secret-expired" })).toEqual({
      text: "Client secret, expired",
      tone: "risk",
    });
  }
  expect(
    credentialExpiryWords(secretUntil("2027-03-01"), today, { code: "secret-wrong" }).text,
  ).toBe("Client secret expires in 98 days, on 1 Mar 2027");
});
