"use client";
import { useEffect, useEffectEvent } from "react";

/** Answers of a form that were not sent yet, kept for this tab so that they outlive a reload. Never a secret. */
export const keepAnswers = (key: string, answers: Readonly<Record<string, string>>): void =>
  sessionStorage.setItem(key, JSON.stringify(answers));

/** Called once the answers are stored. */
export const forgetAnswers = (key: string): void => sessionStorage.removeItem(key);

/** Puts back what was kept under the key, once, when the page is loaded. */
export function useKeptAnswers(
  key: string,
  putBack: (answers: Readonly<Record<string, string>>) => void,
): void {
  const restore = useEffectEvent(putBack);
  useEffect(() => {
    const kept = readAnswers(sessionStorage.getItem(key));
    if (kept !== null) restore(kept);
  }, [key]);
}

const readAnswers = (text: string | null): Readonly<Record<string, string>> | null => {
  if (text === null) return null;
  try {
    const kept: unknown = JSON.parse(text);
    if (typeof kept !== "object" || kept === null) return null;
    return Object.fromEntries(
      Object.entries(kept).filter(
        (entry): entry is [string, string] => typeof entry[1] === "string",
      ),
    );
  } catch {
    return null;
  }
};
