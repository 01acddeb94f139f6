import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";

/**
 * DESIGN §3's import table as lint enforces it: per folder, imports that must be refused and imports that must not.
 * Relative forms stand beside aliases, type imports and dynamic imports beside static ones.
 */
const table: Readonly<
  Record<string, { readonly bad: readonly string[]; readonly good: readonly string[] }>
> = {
  "lib/domain": {
    bad: [
      "#lib/microsoft/clouds",
      "#db/client",
      "node:fs",
      "zod",
      "next",
      "react",
      "../microsoft/clouds.ts",
    ],
    good: ["./money.ts", "#lib/domain/money", "temporal-polyfill"],
  },
  "lib/import": {
    bad: [
      "#lib/microsoft/clouds",
      "#db/client",
      "#lib/services/context",
      "next",
      "../microsoft/clouds.ts",
      "./testing/rows.ts",
      "../../e2e/api.ts",
    ],
    good: ["#lib/domain/money", "./ports.ts"],
  },
  "lib/microsoft": {
    bad: [
      "#db/client",
      "#lib/services/context",
      "#lib/env",
      "#simulator/main",
      "next/server",
      "drizzle-orm",
      "../../db/client.ts",
      "../../e2e/api.ts",
      "./testing/client.ts",
    ],
    good: ["#lib/domain/money", "#lib/import/ports", "zod", "./clouds.ts"],
  },
  "lib/office365-export": {
    bad: [
      "#db/client",
      "#lib/services/context",
      "#lib/microsoft/clouds",
      "#lib/env",
      "next/server",
      "../../db/client.ts",
      "./testing/build-package.ts",
    ],
    good: ["#lib/domain/money", "#lib/import/ports", "zod", "yauzl", "./zip.ts"],
  },
  db: {
    bad: [
      "#lib/microsoft/clouds",
      "#lib/services/context",
      "#lib/env",
      "#components/ui/page",
      "next",
      "../lib/env.ts",
      "#simulator/main",
      "../e2e/api.ts",
      "./testing/factories.ts",
    ],
    good: ["#lib/domain/money", "#lib/import/ports", "drizzle-orm", "./client.ts"],
  },
  "lib/services": {
    bad: [
      "next",
      "next/headers",
      "react",
      "#components/ui/page",
      "#lib/server/session",
      "#simulator/main",
      "#db/testing/factories",
      "./testing/web.ts",
      "../../e2e/api.ts",
    ],
    good: ["#db/client", "#lib/microsoft/clouds", "#lib/env", "#lib/domain/money"],
  },
  worker: {
    bad: [
      "next",
      "react",
      "#simulator/main",
      "../simulator/main.ts",
      "../e2e/api.ts",
      "./testing/installation.ts",
    ],
    good: ["#db/client", "#lib/services/context", "#lib/env"],
  },
  cli: {
    bad: [
      "next",
      "#components/ui/page",
      "#simulator/main",
      "../simulator/defaults.ts",
      "../e2e/api.ts",
    ],
    good: ["#db/client", "#lib/env"],
  },
  "lib/server": {
    bad: [
      "#db/client",
      "#lib/microsoft/clouds",
      "#lib/import/ports",
      "drizzle-orm",
      "pg-boss",
      "../../db/client.ts",
      "#simulator/main",
      "../../e2e/api.ts",
      "#lib/services/testing/web",
    ],
    good: ["#lib/services/context", "#lib/env", "next/headers"],
  },
  app: {
    bad: [
      "#db/client",
      "#lib/microsoft/clouds",
      "#simulator/main",
      "postgres",
      "../db/client.ts",
      "../e2e/api.ts",
    ],
    good: [
      "#lib/server/session",
      "#lib/services/context",
      "#components/ui/page",
      "#lib/domain/money",
    ],
  },
  components: {
    bad: [
      "#db/client",
      "#lib/services/context",
      "#lib/microsoft/clouds",
      "#lib/env",
      "../app/page.tsx",
      "drizzle-orm",
      "#simulator/main",
      "../e2e/api.ts",
    ],
    good: ["#lib/domain/money", "react", "@mantine/core"],
  },
  simulator: {
    bad: [
      "#lib/domain/money",
      "#lib/microsoft/clouds",
      "#lib/services/context",
      "#db/client",
      "#components/ui/page",
      "../db/client.ts",
      "../lib/env.ts",
      "../e2e/api.ts",
      "next",
      "postgres",
    ],
    good: ["./types.ts", "#simulator/types", "#lib/microsoft/wire/resources", "hono", "zod"],
  },
  e2e: {
    bad: [
      "#lib/services/context",
      "#lib/server/session",
      "#lib/microsoft/clouds",
      "#components/ui/page",
      "../app/page.tsx",
      "../lib/env.ts",
      "../worker/main.ts",
      "next",
    ],
    good: [
      "./api.ts",
      "#simulator/types",
      "#lib/domain/money",
      "#db/client",
      "../cli/processes.ts",
    ],
  },
};

const forms: readonly ((path: string) => string)[] = [
  (path) => `import "${path}";\n`,
  (path) => `import type { X } from "${path}";\nexport const x: X | null = null;\n`,
  (path) => `export const load = () => import("${path}");\n`,
  (path) => `export { x } from "${path}";\n`,
];

const report = z.object({
  diagnostics: z.array(
    z.object({ category: z.string().nullable(), location: z.object({ path: z.unknown() }) }),
  ),
});

let folder: string;
let refused: ReadonlyMap<string, ReadonlySet<string>>;

/** Writes one file per import and lints them all at once; per file the rules that fired. */
function lint(): ReadonlyMap<string, ReadonlySet<string>> {
  const result = spawnSync(
    join("node_modules", ".bin", "biome"),
    [
      "lint",
      "--reporter=json",
      "--vcs-enabled=false",
      "--max-diagnostics=none",
      folder,
      `--config-path=${folder}`,
    ],
    { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 },
  );
  const fired = new Map<string, Set<string>>();
  for (const { category, location } of report.parse(JSON.parse(result.stdout)).diagnostics) {
    const path = pathOf(location.path).slice(
      pathOf(location.path).indexOf(folder) + folder.length + 1,
    );
    fired.set(path, (fired.get(path) ?? new Set()).add(category ?? ""));
  }
  return fired;
}

const pathOf = (value: unknown): string =>
  typeof value === "string" ? value : z.object({ file: z.string() }).parse(value).file;

const fileOf = (from: string, kind: "bad" | "good", index: number, form = 0) =>
  join(from, `${kind}-${index}-${form}.ts`);

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seatledger-imports-"));
  cpSync("biome.json", join(folder, "biome.json"));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [from, { bad, good }] of Object.entries(table)) {
    for (const [index, path] of bad.entries()) {
      for (const [form, text] of forms.entries())
        write(fileOf(from, "bad", index, form), text(path));
    }
    for (const [index, path] of good.entries())
      write(fileOf(from, "good", index), `import "${path}";\n`);
  }
  const reader = "export const home = process.env.HOME;\n";
  for (const path of [
    "lib/services/reader.ts",
    "app/reader.ts",
    "db/reader.ts",
    "worker/reader.ts",
    "lib/env.ts",
  ]) {
    write(path, reader);
  }
  refused = lint();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

const rule = "lint/style/noRestrictedImports";

describe.each(Object.entries(table))("%s", (from, { bad, good }) => {
  test.each(bad.map((path, index) => [path, index] as const))("may not import %s", (_, index) => {
    for (const form of forms.keys()) {
      expect([...(refused.get(fileOf(from, "bad", index, form)) ?? [])]).toContain(rule);
    }
  });

  test.each(good.map((path, index) => [path, index] as const))("may import %s", (_, index) => {
    expect([...(refused.get(fileOf(from, "good", index)) ?? [])]).not.toContain(rule);
  });
});

test("only lib/env.ts reads the environment", () => {
  for (const path of [
    "lib/services/reader.ts",
    "app/reader.ts",
    "db/reader.ts",
    "worker/reader.ts",
  ]) {
    expect([...(refused.get(path) ?? [])]).toContain("lint/style/noProcessEnv");
  }
  expect([...(refused.get("lib/env.ts") ?? [])]).not.toContain("lint/style/noProcessEnv");
});
