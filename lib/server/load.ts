import { notFound } from "next/navigation";
import { UseCaseError } from "#lib/services/errors";

/** What a page shows: the data, or why it cannot be shown as asked for. */
export type Loaded<T> =
  | { readonly kind: "loaded"; readonly value: T }
  | { readonly kind: "refused"; readonly code: string; readonly message: string };

/**
 * Runs a page's use case. Unknown ids end on the not-found page; a missing right, or a cursor whose numbers are gone,
 * comes back to be told on the page; anything else goes to the error page.
 */
export async function load<T>(work: Promise<T>): Promise<Loaded<T>> {
  try {
    return { kind: "loaded", value: await work };
  } catch (error) {
    if (!(error instanceof UseCaseError)) throw error;
    if (error.code === "not-found") notFound();
    return { kind: "refused", code: error.code, message: error.message };
  }
}

/** The data of one thing named by the address: malformed ids are as unknown as others. */
export async function loadOne<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof UseCaseError && (error.code === "not-found" || error.code === "invalid")) {
      notFound();
    }
    throw error;
  }
}
