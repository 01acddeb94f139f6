"use client";
import { Button, type ButtonProps } from "@mantine/core";
import { useRouter } from "next/navigation";
import type { ReactNode } from "react";
import { type Command, useCommand } from "./use-command.ts";

/** A button that runs one action. `goTo` makes an address of its output. */
export function CommandButton<Input, Output>(
  props: ButtonProps & {
    readonly command: Command<Input, Output>;
    readonly input: Input;
    readonly done?: string;
    /** `/imports/` + the output's id. */
    readonly goToPrefix?: string;
    readonly children: ReactNode;
  },
) {
  const { command, input, done, goToPrefix, children, ...button } = props;
  const router = useRouter();
  const { run, pending } = useCommand<Input, Output>(command, {
    ...(done === undefined ? {} : { done }),
    onDone: (output) => {
      if (goToPrefix !== undefined && hasId(output)) router.push(`${goToPrefix}${output.id}`);
    },
  });
  return (
    <Button {...button} loading={pending} onClick={() => run(input)}>
      {children}
    </Button>
  );
}

const hasId = (output: unknown): output is { readonly id: string } =>
  typeof output === "object" && output !== null && "id" in output && typeof output.id === "string";
