import { type ParseArgsConfig, parseArgs } from "node:util";
import type { z } from "zod";

/** Prints a line of a command's answer to standard output. */
export type Print = (line: string) => void;

/** One command of `seatledger`. */
export interface Command {
  /** Its words, such as `workspace create`. */
  readonly words: string;
  /** Options and operands, as shown in the help. */
  readonly usage: string;
  readonly summary: string;
  execute(args: readonly string[], print: Print): Promise<void>;
}

/** Wrong words, options or values: told to the person with the command's usage. */
export class UsageError extends Error {
  override readonly name = "UsageError";
}

/** An expected failure: the message is all a person needs. */
export class CommandError extends Error {
  override readonly name = "CommandError";
}

/** Builds a command: options by node:util parseArgs (operands as `operands`), checked by a zod schema, then `run`. */
export function defineCommand<Input>(definition: {
  readonly words: string;
  readonly usage: string;
  readonly summary: string;
  readonly options: NonNullable<ParseArgsConfig["options"]>;
  readonly input: z.ZodType<Input>;
  readonly run: (input: Input, print: Print) => Promise<void>;
}): Command {
  const { words, usage, summary, options, input, run } = definition;
  return {
    words,
    usage,
    summary,
    async execute(args, print) {
      const parsed = input.safeParse(readArguments(args, options));
      if (!parsed.success) {
        const [issue] = parsed.error.issues;
        const place = issue?.path[0] === "operands" ? "" : `--${String(issue?.path[0])} `;
        throw new UsageError(`${place}${issue?.message ?? "is wrong"}`);
      }
      await run(parsed.data, print);
    },
  };
}

function readArguments(
  args: readonly string[],
  options: NonNullable<ParseArgsConfig["options"]>,
): Record<string, unknown> {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options,
      allowPositionals: true,
      strict: true,
    });
    return { ...values, operands: positionals };
  } catch (error) {
    // parseArgs names the option, never its value.
    throw new UsageError(error instanceof Error ? error.message : "The options are wrong.");
  }
}
