import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const root = join(import.meta.dirname, "..");
const text = readFileSync(join(import.meta.dirname, "reliability.md"), "utf8");
const files = globSync(
  "{cli,components,db,e2e,lib,simulator,worker}/**/*.{test,spec,contract}.ts",
  {
    cwd: root,
  },
).concat(globSync("{db,lib}/**/testing/*-contract.ts", { cwd: root }));

/** Cells of every row of the tables that map cases to tests; their cells are three. */
const rows = text
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .map((line) => line.slice(2, -2).split(" | "))
  .filter((cells) => cells.length === 3 && cells[0] !== "case");

/** What the second cell names: files, and words of the titles in them. */
const claims = rows.flatMap(([cases = "", tests = ""]) =>
  tests
    .split("; ")
    .filter((test) => !test.startsWith("`npm run"))
    .map((test) => {
      const [places = "", words] = test.split(": ", 2);
      return { cases, places: places.split(", "), titles: words?.split(" / ") ?? [] };
    }),
);

const namedBy = (place: string): readonly string[] => {
  const base = place.startsWith("e2e ") ? `e2e/specs/${place.slice(4)}` : place;
  return files.filter((file) =>
    [".ts", ".test.ts", ".integration.test.ts", ".spec.ts"].some((end) => file === `${base}${end}`),
  );
};

/** Titles of the tests in a file, as they stand in its source. */
const titlesIn = (file: string): readonly string[] => {
  const source = readFileSync(join(root, file), "utf8");
  const calls = source.matchAll(
    /\b(?:it|test|describe)(?:\.each\([\s\S]*?\))?\(\s*(["'`])([\s\S]*?)\1/g,
  );
  return [...calls].map(([, , title = ""]) => title);
};

it.each(claims)("$cases: every test of $places is there under its name", ({ places, titles }) => {
  const found = places.map((place) => namedBy(place));
  expect(places.filter((_, index) => found[index]?.length === 0)).toEqual([]);
  const known = found.flat().flatMap(titlesIn);
  expect(titles.filter((words) => !known.some((title) => title.includes(words)))).toEqual([]);
});

it("every case of parts A and B of the catalogue has a row", () => {
  const shown = new Set<string>();
  for (const [cases = ""] of rows) {
    for (const [, part, from, to] of cases.matchAll(/([AB])(\d+)(?:-[AB]?(\d+))?/g)) {
      for (let no = Number(from); no <= Number(to ?? from); no += 1) shown.add(`${part}${no}`);
    }
  }
  const all = (part: string, last: number) =>
    Array.from({ length: last }, (_, index) => `${part}${index + 1}`);
  const missing = [...all("A", 30), ...all("B", 44)].filter((name) => !shown.has(name));
  expect(missing).toEqual([]);
});
