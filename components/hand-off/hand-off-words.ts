import type { HandOffEnd, HandOffItem } from "#lib/domain/hand-off";
import type { Tone } from "../words.ts";

/** A link's state in a word, and what it means in a sentence. */
export interface HandOffWord {
  readonly label: string;
  readonly tone: Tone;
  readonly meaning: string;
}

const ended: Readonly<Record<HandOffEnd, HandOffWord>> = {
  "connection-gone": { label: "Over", tone: "quiet", meaning: "The connection is gone." },
  proven: { label: "Over", tone: "quiet", meaning: "The tenant was proven without it." },
  revoked: { label: "Revoked", tone: "quiet", meaning: "It leads nowhere any more." },
  "sender-gone": {
    label: "Over",
    tone: "quiet",
    meaning: "Whoever made it may no longer manage connections.",
  },
  used: { label: "Used", tone: "ok", meaning: "An administrator came back from both sign-ins." },
  expired: { label: "Expired", tone: "quiet", meaning: "Nobody approved in time." },
};

const untried: HandOffWord = {
  label: "Open",
  tone: "info",
  meaning: "Nobody has gone to Microsoft with it yet.",
};

const tried: Readonly<Record<string, HandOffWord>> = {
  "under-way": {
    label: "At Microsoft",
    tone: "info",
    meaning: "Somebody is at Microsoft with it. This page goes on by itself when they are back.",
  },
  "never-came-back": {
    label: "Never came back",
    tone: "warn",
    meaning:
      "Somebody went to Microsoft with it and did not come back within ten minutes. Microsoft stops people on its own pages: “I am stuck” tells the usual reasons. The link still works.",
  },
  declined: {
    label: "Cancelled",
    tone: "warn",
    meaning: "Somebody pressed Cancel at Microsoft. The link still works.",
  },
  "refused-by-microsoft": {
    label: "Refused",
    tone: "warn",
    meaning: "Microsoft sent somebody back with an error. The link still works.",
  },
  "other-tenant": {
    label: "Refused",
    tone: "warn",
    meaning: "Another tenant than the entered one was approved. The link still works.",
  },
};

const refusedPerson: HandOffWord = {
  label: "Refused",
  tone: "warn",
  meaning: "Whoever signed in did not prove the tenant. The link still works.",
};

/** How a link stands: why it ended, else how the last way to Microsoft with it went. */
export const handOffWord = ({
  end,
  lastTry,
}: Pick<HandOffItem, "end" | "lastTry">): HandOffWord => {
  if (end === "proven" && lastTry?.outcome === "proven") return ended.used;
  if (end !== null) return ended[end];
  if (lastTry === null) return untried;
  const word = Object.hasOwn(tried, lastTry.outcome)
    ? (tried[lastTry.outcome] ?? refusedPerson)
    : refusedPerson;
  const reason = lastTry.refusal?.text ?? null;
  return word.label === refusedPerson.label && reason !== null
    ? { ...word, meaning: `${reason} The link still works.` }
    : word;
};
