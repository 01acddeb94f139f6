import { expect, it } from "vitest";
import { licenseResolutions } from "./app-license.ts";
import { candidatesText, resolutionText } from "./sku-mapping.ts";

it("every resolution has a sentence of its own", () => {
  const sentences = licenseResolutions.map(resolutionText);
  expect(new Set(sentences).size).toBe(licenseResolutions.length);
  for (const sentence of sentences) expect(sentence).toMatch(/^[A-Z].*\.$/);
});

it.each([
  [[], ""],
  [["A"], "Possible: A."],
  [["A", "B", "C", "D"], "Possible: A, B, C, D."],
  [["A", "B", "C", "D", "E", "F"], "Possible: A, B, C, D and 2 more."],
])("candidates %s", (names, text) => {
  expect(candidatesText(names)).toBe(text);
});
