import type { ReactNode } from "react";
import classes from "./answer-card.module.css";

/** One question, its answer in large, and what stands behind it in small. */
export function AnswerCard(props: {
  readonly question: string;
  readonly answer: ReactNode;
  readonly children?: ReactNode;
  readonly tone?: "risk" | "warn" | "ok" | undefined;
}) {
  return (
    <section className={classes.card} data-tone={props.tone} aria-label={props.question}>
      <h2 className={classes.question}>{props.question}</h2>
      <p className={classes.answer}>{props.answer}</p>
      {props.children !== undefined && <div className={classes.behind}>{props.children}</div>}
    </section>
  );
}
