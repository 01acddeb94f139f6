import { expect, it } from "vitest";
import { applicationNotes, fieldNotes } from "./field-notes.ts";

it("names fields, and says what was noted of an application in sentences", () => {
  expect(fieldNotes([])).toEqual([]);
  expect(fieldNotes(["city", "no-units", "usageLocation"])).toEqual([
    expect.stringContaining("no number of items (# of items)"),
    "Unusual values in city, usageLocation; these rows count all the same.",
  ]);
});

it("every note of an application has a sentence of its own", () => {
  const said = fieldNotes(applicationNotes);
  expect(new Set(said).size).toBe(applicationNotes.length);
  expect(said.join(" ")).not.toContain("Unusual values");
});
