import type { ReactNode } from "react";
import classes from "./card-grid.module.css";

/** Cards side by side, as many as fit. */
export function CardGrid({
  children,
  wide,
}: {
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  return <div className={wide ? classes.wide : classes.grid}>{children}</div>;
}
