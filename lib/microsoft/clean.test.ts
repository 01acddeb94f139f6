import fc from "fast-check";
import { expect, test } from "vitest";
import { cleanText, instantOrNull, maxTextLength, noteUnknown, parseInstant } from "./clean.ts";

test("NUL and lone surrogates go, pairs and everything else stay", () => {
  const notes = new Set<string>();
  expect(cleanText("a\0b\uD800c\uDC00d 😀 ‮é", "displayName", notes)).toBe("abcd 😀 ‮é");
  expect([...notes]).toEqual(["displayName"]);
  expect(cleanText("plain", "mail", notes)).toBe("plain");
  expect(notes.has("mail")).toBe(false);
});

test("a huge text is capped without cutting a pair in two", () => {
  const cleaned = cleanText(
    "x".repeat(maxTextLength - 1) + "😀".repeat(500_000),
    "displayName",
    new Set(),
  );
  expect(cleaned).toBe("x".repeat(maxTextLength - 1));
});

test("whatever comes in, the result is well-formed, without NUL and short", () => {
  const units = fc.uint16Array({ maxLength: 2 * maxTextLength, size: "max" });
  fc.assert(
    fc.property(units, (codes) => {
      const value = String.fromCharCode(...codes);
      const cleaned = cleanText(value, "f", new Set()) ?? "";
      return cleaned.isWellFormed() && !cleaned.includes("\0") && cleaned.length <= maxTextLength;
    }),
  );
});

test.each([null, undefined])("%s stays null", (value) => {
  expect(cleanText(value, "f", new Set())).toBeNull();
});

test.each([
  ["2026-11-20T09:00:00Z", { kind: "instant", iso: "2026-11-20T09:00:00.000Z" }],
  ["2026-11-20T09:00:00.1234567Z", { kind: "instant", iso: "2026-11-20T09:00:00.123Z" }],
  ["2026-11-20T09:00:00+02:00", { kind: "instant", iso: "2026-11-20T07:00:00.000Z" }],
  ["2026-11-20T09:00:00", { kind: "instant", iso: "2026-11-20T09:00:00.000Z" }],
  ["2026-11-20", { kind: "instant", iso: "2026-11-20T00:00:00.000Z" }],
  ["0001-01-01T00:00:00Z", { kind: "absent" }],
  ["", { kind: "absent" }],
  ["  ", { kind: "absent" }],
  [null, { kind: "absent" }],
  [undefined, { kind: "absent" }],
  ["yesterday", { kind: "invalid" }],
  ["2026-13-40T00:00:00Z", { kind: "invalid" }],
  ["0002-01-01T00:00:00Z", { kind: "invalid" }],
  ["1764000000", { kind: "invalid" }],
])("the instant %j", (value, parsed) => {
  expect(parseInstant(value)).toEqual(parsed);
});

test("the quick way of an instant gives what the platform's clock gives", () => {
  const day = fc.date({
    min: new Date("1900-01-01"),
    max: new Date("9999-12-31"),
    noInvalidDate: true,
  });
  fc.assert(
    fc.property(day, (date) => {
      const seconds = `${date.toISOString().slice(0, 19)}Z`;
      const iso = new Date(seconds).toISOString();
      expect(parseInstant(seconds)).toEqual({ kind: "instant", iso });
    }),
  );
});

test("an unreadable instant is null and noted", () => {
  const notes = new Set<string>();
  expect(instantOrNull("soon", "createdDateTime", notes)).toBeNull();
  expect(instantOrNull("", "deletedDateTime", notes)).toBeNull();
  expect([...notes]).toEqual(["createdDateTime"]);
});

test("words are known in any case", () => {
  const notes = new Set<string>();
  noteUnknown("ENABLED", ["Enabled"], "a", notes);
  noteUnknown(null, ["Enabled"], "b", notes);
  noteUnknown("Hibernating", ["Enabled"], "c", notes);
  expect([...notes]).toEqual(["c"]);
});
