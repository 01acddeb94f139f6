import { Title } from "@mantine/core";
import type { ReactNode } from "react";
import { PageHeader } from "../ui/page-header.tsx";
import { ProgressRail, type RailStep } from "./progress-rail.tsx";
import { ReadingPanel } from "./reading-panel.tsx";
import classes from "./wizard.module.css";

/** Frame of every step: answers on the left, the decision in the middle, what is read and why on the right. */
export function WizardFrame(props: {
  readonly steps: readonly RailStep[];
  /** Name of the tenant or connection once there is one. */
  readonly subject: string | null;
  readonly title: string;
  /** The question of the step in one sentence. */
  readonly intro: ReactNode;
  /** What stays beside every step; what is read of Microsoft by default. */
  readonly beside?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <>
      <PageHeader
        crumbs={[{ label: "Connections", href: "/connections" }]}
        title={
          props.subject === null ? (
            "Connect a tenant"
          ) : (
            <>
              Connect <bdi>{props.subject}</bdi>
            </>
          )
        }
      />
      <div className={classes.frame}>
        <div className={classes.columns}>
          <ProgressRail steps={props.steps} />
          <section className={classes.step} aria-label={props.title}>
            <div>
              <Title order={2}>{props.title}</Title>
              <div>{props.intro}</div>
            </div>
            {props.children}
          </section>
          <aside className={classes.aside} aria-label="Explanation">
            {props.beside ?? <ReadingPanel />}
          </aside>
        </div>
      </div>
    </>
  );
}
