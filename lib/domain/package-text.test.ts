import { expect, it } from "vitest";
import { packageFaultCodes } from "./package.ts";
import { packageFaultText } from "./package-text.ts";

it("every refusal says what happened and what to do, in sentences of its own", () => {
  const texts = packageFaultCodes.map((code) => packageFaultText({ code }));
  for (const [index, { what, action }] of texts.entries()) {
    for (const part of [what, action]) {
      expect(part, packageFaultCodes[index]).toMatch(/^[A-Z\u201C].*\.$/);
      expect(part, packageFaultCodes[index]).not.toMatch(/undefined|null|!/);
    }
  }
  expect(new Set(texts.map(({ what }) => what)).size).toBe(texts.length);
});

it("names files, counts and SKUs where they are known", () => {
  const text = packageFaultText({
    code: "wrong-count",
    facts: { file: "users.ndjson", expected: 3, found: 2 },
  });
  expect(text.what).toBe("The file \u201Cusers.ndjson\u201D has 2 rows; the manifest says 3.");
  expect(packageFaultText({ code: "csv-sku-unknown", facts: { skus: "A", count: 1 } }).what).toBe(
    "One SKU is in neither the file nor Microsoft's product table with one id: A.",
  );
});
