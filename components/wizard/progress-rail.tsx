import { VisuallyHidden } from "@mantine/core";
import { IconCheck } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { TextLink } from "../ui/link.tsx";
import classes from "./wizard.module.css";

/** One step as the rail shows it: what was answered, and the way back while it may still be changed. */
export interface RailStep {
  readonly name: string;
  readonly label: string;
  /** `due` = what the stored facts have come to, while an earlier step is looked at. */
  readonly state: "done" | "current" | "due" | "ahead";
  /** What was answered, or what is going on. */
  readonly answer: ReactNode;
  /** Null = cannot be gone to. */
  readonly href: string | null;
}

const stateWords: Record<RailStep["state"], string> = {
  done: "done",
  current: "current step",
  due: "in progress",
  ahead: "not yet",
};

/** The steps of connecting a tenant with what was answered so far. */
export function ProgressRail({ steps }: { readonly steps: readonly RailStep[] }) {
  return (
    <nav aria-label="Steps" className={classes.sticky}>
      <ol className={classes.rail}>
        {steps.map((step, index) => (
          <li
            key={step.name}
            data-state={step.state}
            {...(step.state === "current" ? { "aria-current": "step" as const } : {})}
          >
            <span className={classes.number} aria-hidden>
              {step.state === "done" ? <IconCheck size={15} /> : index + 1}
            </span>
            <span className={classes.label}>
              {step.href === null ? (
                step.label
              ) : (
                <TextLink href={step.href} inherit prefetch={false}>
                  {step.label}
                </TextLink>
              )}
              <VisuallyHidden> ({stateWords[step.state]})</VisuallyHidden>
            </span>
            {step.answer !== null && <p className={classes.answer}>{step.answer}</p>}
          </li>
        ))}
      </ol>
    </nav>
  );
}
