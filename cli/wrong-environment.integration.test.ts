import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** Reference/fault-catalogue.md A28: a variable that is forgotten or wrong stops every program, and nothing appears. */

const programs = {
  web: ["cli/start.ts"],
  worker: ["worker/main.ts"],
  cli: ["cli/seatledger.ts", "workspace", "create", "--slug", "contoso", "--name", "Contoso"],
} as const;
type Program = keyof typeof programs;

const needed: Readonly<Record<Program, readonly string[]>> = {
  web: [
    "APP_URL",
    "DATABASE_URL",
    "NEXTAUTH_SECRET",
    "AUTH_ENTRA_TENANT_ID",
    "AUTH_ENTRA_CLIENT_ID",
    "AUTH_ENTRA_CLIENT_SECRET",
    "SECRETS_PUBLIC_KEY",
  ],
  worker: ["APP_URL", "DATABASE_URL", "SECRETS_PRIVATE_KEYS"],
  cli: ["MIGRATION_DATABASE_URL"],
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "seatledger-start-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Starts a program as its command does, in an empty folder and with these variables alone. */
async function start(program: Program, env: Readonly<Record<string, string>> = {}) {
  const [file, ...args] = programs[program];
  const dataDir = join(folder, `data of ${program}`);
  const child = spawn(process.execPath, [resolve(file), ...args], {
    cwd: folder,
    env: { NODE_ENV: "production", DATA_DIR: dataDir, ...env },
  });
  const [code, output, errors] = await Promise.all([
    new Promise<number | null>((ended) => child.once("close", ended)),
    text(child.stdout),
    text(child.stderr),
  ]);
  // Where the embedded database is started, its folder is made first.
  expect(existsSync(dataDir)).toBe(false);
  expect(readdirSync(folder)).toEqual([]);
  return { code, lines: errors.trim().split("\n"), everything: output + errors };
}

describe.each(Object.keys(programs) as Program[])("%s", (program) => {
  it("started without its variables names each in a line of its own", async () => {
    const { code, lines } = await start(program);
    expect(code).toBe(1);
    for (const name of needed[program]) {
      expect(
        lines.filter((line) => line.startsWith(`${name} is missing`)),
        name,
      ).toHaveLength(1);
    }
    expect(lines.join("\n")).not.toMatch(/ {4}at |Error:/);
  });

  it("started with wrong values names the variables and repeats no value", async () => {
    const wrong = "hunter2://hunter2";
    const { code, lines, everything } = await start(
      program,
      Object.fromEntries([...needed[program], "PORT"].map((name) => [name, wrong])),
    );
    expect(code).toBe(1);
    expect(lines.some((line) => line.startsWith(`${databaseOf(program)} must`))).toBe(true);
    expect(everything).not.toContain("hunter2");
    expect(everything).not.toMatch(/ {4}at |Error:/);
  });
});

const databaseOf = (program: Program) =>
  program === "cli" ? "MIGRATION_DATABASE_URL" : "DATABASE_URL";
