import { expect, it } from "vitest";
import { clientAddress } from "./client-address.ts";

it.each([
  ["203.0.113.7", "203.0.113.7"],
  ["198.51.100.1, 203.0.113.7", "203.0.113.7"],
  ["", "unknown"],
])("takes what the nearest proxy saw of %j", (forwarded, address) => {
  expect(clientAddress(new Headers({ "x-forwarded-for": forwarded }))).toBe(address);
});

it("names nobody without the header", () => {
  expect(clientAddress(new Headers())).toBe("unknown");
});
