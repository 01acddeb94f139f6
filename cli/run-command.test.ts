import { expect, test } from "vitest";
import { runCommand } from "./run-command.ts";

test.each([
  [
    ["token", "create", "--workspace", "w", "--role", "king", "--name", "x"],
    /--role must be one of/,
  ],
  [
    ["token", "create", "--workspace", "w", "--role", "viewer", "--name", "x", "--expires", "0"],
    /--expires/,
  ],
  [["workspace", "create", "--slug", "Not OK", "--name", "x"], /--slug must be/],
  [["workspace", "create", "--name", "x"], /--slug is missing/],
  [["migrate", "now"], /no operands/],
  [["keys", "generate", "--force"], /Unknown option/],
  [["fly"], /no command/],
])("wrong use: %s", async (args, message) => {
  const errors: string[] = [];
  const code = await runCommand(args, {
    print: () => expect.unreachable("nothing is answered"),
    printError: (line) => errors.push(line),
  });
  expect(code).toBe(2);
  expect(errors.join("\n")).toMatch(message);
  expect(errors.join("\n")).toMatch(/Usage/);
});

test("without a command the help names every command", async () => {
  const lines: string[] = [];
  const print = (line: string) => lines.push(line);
  expect(await runCommand([], { print, printError: print })).toBe(0);
  for (const words of ["migrate", "workspace create", "member add", "token create", "doctor"]) {
    expect(lines.join("\n")).toContain(`  ${words}`);
  }
});
