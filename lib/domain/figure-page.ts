import type { Page } from "./read-models.ts";

/** A page of figures. `newerData`: newer ones were published since the list's first page, which this page still follows. */
export interface FigurePage<T> extends Page<T> {
  readonly newerData: boolean;
}
