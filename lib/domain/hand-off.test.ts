import { expect, it } from "vitest";
import { type HandOffFacts, handOffEnd } from "./hand-off.ts";

const fresh: HandOffFacts = {
  revoked: false,
  used: false,
  expired: false,
  connectionGone: false,
  provenSince: false,
  senderMayAsk: true,
};

it("leads on while nothing stands against it", () => {
  expect(handOffEnd(fresh)).toBeNull();
});

it.each([
  [{ connectionGone: true }, "connection-gone"],
  [{ provenSince: true }, "proven"],
  [{ revoked: true }, "revoked"],
  [{ senderMayAsk: false }, "sender-gone"],
  [{ used: true }, "used"],
  [{ expired: true }, "expired"],
] as const)("%j ends it", (against, end) => {
  expect(handOffEnd({ ...fresh, ...against })).toBe(end);
});

it("tells what a new link would not mend before what it would", () => {
  expect(handOffEnd({ ...fresh, expired: true, used: true, provenSince: true })).toBe("proven");
  expect(handOffEnd({ ...fresh, expired: true, used: true })).toBe("used");
});
