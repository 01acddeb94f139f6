import type { ConnectionStatus } from "./connection.ts";

/** How long a hand-off link can be opened. Hours. Source: DESIGN §7 step 3a. */
export const handOffHours = 72;

/** Why a hand-off link leads nowhere any more. */
export const handOffEnds = [
  "connection-gone",
  "proven",
  "revoked",
  "sender-gone",
  "used",
  "expired",
] as const;
export type HandOffEnd = (typeof handOffEnds)[number];

/** What is stored about a link, as of the moment it is asked about. */
export interface HandOffFacts {
  readonly revoked: boolean;
  /** An administrator came back from both legs, and their sign-in was not refused. */
  readonly used: boolean;
  readonly expired: boolean;
  /** Disconnected, or no longer one that is connected by consent. */
  readonly connectionGone: boolean;
  /** The tenant was proven after the link was made. */
  readonly provenSince: boolean;
  /** Whoever made it may still manage connections. */
  readonly senderMayAsk: boolean;
}

/**
 * Why a link cannot be used; null when it can. What cannot be undone comes first, so that nobody asks for a new link
 * that would lead nowhere either. Source: fault-catalogue C23.
 */
export const handOffEnd = (facts: HandOffFacts): HandOffEnd | null => {
  if (facts.connectionGone) return "connection-gone";
  if (facts.provenSince) return "proven";
  if (facts.revoked) return "revoked";
  if (!facts.senderMayAsk) return "sender-gone";
  if (facts.used) return "used";
  return facts.expired ? "expired" : null;
};

/** Why a way to Microsoft brought nothing. */
export interface HandOffRefusal {
  /** What happened and what to do, in sentences; null when no text knows more than the outcome. */
  readonly text: string | null;
  /** AADSTS number. */
  readonly errorNumber: number | null;
  /** GUID by which Microsoft's support finds the attempt. */
  readonly correlationId: string | null;
}

/** A link as its connection's page lists it. Instants ISO UTC. */
export interface HandOffItem {
  readonly id: string;
  readonly createdAt: string;
  /** Name of the member who asks. */
  readonly createdBy: string;
  readonly expiresAt: string;
  /** Null while the link can be used. */
  readonly end: HandOffEnd | null;
  /** The last way to Microsoft that was begun with it; null when nobody pressed its button. */
  readonly lastTry: {
    readonly leg: "consent" | "proof";
    readonly at: string;
    /** `under-way`, `never-came-back`, or how it ended. */
    readonly outcome: string;
    /** Why, where Microsoft or the check of what came back refused; null otherwise. */
    readonly refusal: HandOffRefusal | null;
  } | null;
}

/** What a page that waits for an administrator watches. Instants ISO UTC. */
export interface ConnectProgress {
  readonly status: ConnectionStatus;
  readonly consentedAt: string | null;
  readonly provenAt: string | null;
  /** The latest one. */
  readonly verificationId: string | null;
  readonly handOffs: readonly HandOffItem[];
}
