"use client";
import { notifications } from "@mantine/notifications";
import { useState, useTransition } from "react";

/** An expected failure as an action tells it; `incident` names the log entry of an unexpected one. */
export interface CommandError {
  readonly code: string;
  readonly message: string;
  readonly fields?: Readonly<Record<string, string>> | undefined;
  readonly existingId?: string | undefined;
  readonly incident?: string | undefined;
}

/** What a server action answers: one of the three, or nothing when it redirected. */
export interface CommandResult<Output> {
  readonly data?: Output | undefined;
  readonly serverError?: CommandError | undefined;
  readonly validationErrors?:
    | { readonly fieldErrors: Readonly<Record<string, readonly string[] | undefined>> }
    | undefined;
}

/** A server action as components take it; undefined when it led to another page. */
export type Command<Input, Output = unknown> = (
  input: Input,
) => Promise<CommandResult<Output> | undefined>;

interface CommandOptions<Output> {
  /** Said in a notification when it worked. */
  readonly done?: string;
  readonly onDone?: (output: Output | undefined) => void;
}

const unreachable: CommandError = {
  code: "unreachable",
  message:
    "Seatledger did not answer. Check the connection and try again; nothing was changed twice.",
};

/** Runs an action once at a time; keeps its error for the form and says how it went. */
export function useCommand<Input, Output>(
  command: Command<Input, Output>,
  options: CommandOptions<Output> = {},
) {
  const [pending, startTransition] = useTransition();
  const [error, setError] = useState<CommandError | null>(null);
  const run = (input: Input): void => {
    if (pending) return;
    setError(null);
    startTransition(async () => {
      const result = await command(input).catch(
        (): CommandResult<Output> => ({ serverError: unreachable }),
      );
      if (result === undefined) return;
      const failure = failureOf(result);
      if (failure === null) {
        if (options.done !== undefined) notifications.show({ message: options.done });
        options.onDone?.(result.data);
        return;
      }
      setError(failure);
      notifications.show({ color: "red", title: "Not done", message: failure.message });
    });
  };
  return { run, pending, error, reset: () => setError(null) };
}

const failureOf = (result: CommandResult<unknown>): CommandError | null => {
  if (result.serverError !== undefined) return result.serverError;
  if (result.validationErrors === undefined) return null;
  const fields = Object.fromEntries(
    Object.entries(result.validationErrors.fieldErrors).map(([name, messages]) => [
      name,
      messages?.[0] ?? "Not valid",
    ]),
  );
  const first = Object.values(fields)[0];
  return { code: "invalid", message: first ?? "The input is not valid.", fields };
};
