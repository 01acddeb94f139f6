import { CopyBlock } from "./copy-block.tsx";
import classes from "./details-box.module.css";

/** Codes and request ids, folded away and copyable as one text. */
export function DetailsBox({ text }: { readonly text: string }) {
  return (
    <details className={classes.details}>
      <summary>Details</summary>
      <CopyBlock text={text} label="details" />
    </details>
  );
}
