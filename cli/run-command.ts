import { EnvironmentError } from "#lib/env/parse";
import { type Command, CommandError, type Print, UsageError } from "./command.ts";
import { doctorCommand } from "./commands/doctor.ts";
import { keysGenerateCommand } from "./commands/keys-generate.ts";
import { memberAddCommand } from "./commands/member-add.ts";
import { migrateCommand } from "./commands/migrate.ts";
import { productsLoadCommand } from "./commands/products-load.ts";
import { tokenCreateCommand } from "./commands/token-create.ts";
import { workspaceCreateCommand } from "./commands/workspace-create.ts";

const commands: readonly Command[] = [
  migrateCommand,
  workspaceCreateCommand,
  memberAddCommand,
  tokenCreateCommand,
  keysGenerateCommand,
  productsLoadCommand,
  doctorCommand,
];

const help = [
  "Usage: npm run seatledger -- <command>",
  "",
  ...commands.flatMap(({ words, usage, summary }) => [
    `  ${words} ${usage}`.trimEnd(),
    `      ${summary}`,
  ]),
];

/** Where a command's answer and its errors go. */
export interface Output {
  readonly print: Print;
  readonly printError: Print;
}

/** Runs one command of `seatledger`. Returns the exit code: 0 done, 1 failed, 2 used wrongly. */
export async function runCommand(
  args: readonly string[],
  { print, printError }: Output,
): Promise<number> {
  const command = commands.find(({ words }) => startsWith(args, words.split(" ")));
  if (command === undefined) {
    const asked = args.length === 0 || args.includes("--help") || args[0] === "help";
    if (!asked) printError(`There is no command "${args.slice(0, 2).join(" ")}".\n`);
    (asked ? print : printError)(help.join("\n"));
    return asked ? 0 : 2;
  }
  try {
    const rest = args.slice(command.words.split(" ").length);
    await command.execute(rest, print);
    return 0;
  } catch (error) {
    if (error instanceof UsageError) {
      printError(`${error.message}\nUsage: ${command.words} ${command.usage}`.trimEnd());
      return 2;
    }
    if (error instanceof CommandError || error instanceof EnvironmentError) {
      printError(error.message);
      return 1;
    }
    throw error;
  }
}

const startsWith = (args: readonly string[], words: readonly string[]): boolean =>
  words.every((word, index) => args[index] === word);
