import { expect, it } from "vitest";
import { shownVerifications } from "./shown-verifications.ts";
import type { VerificationItem } from "./verification-item.ts";

const permission = {
  name: "User.Read.All",
  mandatory: true,
  granted: true,
  gives: "",
  without: "",
};
const check = (
  id: string,
  kind: VerificationItem["kind"],
  state: VerificationItem["state"],
  sees = state === "succeeded",
) => ({ id, kind, state, permissions: sees ? [permission] : [] });
const ids = (shown: ReturnType<typeof shownVerifications<ReturnType<typeof check>>>) =>
  [shown.last, shown.looked, shown.lookedBefore].map((one) => one?.id);

it("leaves out a replacement that was refused, also one whose app was seen to lack permissions", () => {
  const checks = [
    check("refused", "credential", "failed", true),
    check("night", "check", "succeeded"),
    check("first", "credential", "succeeded"),
  ];
  expect(ids(shownVerifications(checks, true))).toEqual(["night", "night", "first"]);
});

it("tells the refusal of a first credential: there is no other one", () => {
  const checks = [check("refused", "credential", "failed")];
  expect(ids(shownVerifications(checks, false))).toEqual(["refused", undefined, undefined]);
});

it("tells what is under way, and a check of the credential in use that failed", () => {
  const checks = [
    check("replacing", "credential", "running", false),
    check("lost", "check", "failed"),
    check("first", "proof", "succeeded"),
  ];
  expect(ids(shownVerifications(checks, true))).toEqual(["replacing", "first", undefined]);
  expect(ids(shownVerifications(checks.slice(1), true))).toEqual(["lost", "first", undefined]);
});
