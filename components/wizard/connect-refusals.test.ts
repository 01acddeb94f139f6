import { describe, expect, it } from "vitest";
import { asConnectRefusal, connectRefusals, refusalTexts } from "./connect-refusals.ts";

describe("asConnectRefusal", () => {
  it.each(connectRefusals)("knows %s", (reason) => {
    expect(asConnectRefusal(reason)).toBe(reason);
  });

  it.each([null, undefined, "", "toString", "<script>"])(
    "tells %s as a link that cannot be used",
    (text) => {
      expect(asConnectRefusal(text)).toBe("unknown-attempt");
    },
  );
});

describe("refusalTexts", () => {
  it("gives every reason a page of its own", () => {
    const titles = connectRefusals.map((reason) => refusalTexts[reason].title);
    expect(new Set(titles).size).toBe(connectRefusals.length);
  });
});
