import { expect, it } from "vitest";
import { refusedProof } from "./refused-proof.ts";

it.each(["not-administrator", "no-role-claim", "guest", "other-tenant"])(
  "lets whoever took the wrong account (%s) try again",
  (code) => {
    expect(refusedProof(code).again).toBe(true);
  },
);

it("sends nobody back to Microsoft for a tenant that is connected", () => {
  expect(refusedProof("connected-already").again).toBe(false);
  expect(refusedProof("tenant-claimed-elsewhere").again).toBe(false);
});

it.each(["unexpected", "toString", ""])("has words for %j", (code) => {
  expect(refusedProof(code).what).not.toBe("");
});
