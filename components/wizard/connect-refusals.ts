/** Why a return from Microsoft connected nothing. Source: DESIGN §7 step 3a, fault-catalogue §2, C1 to C6, C22, C23. */
export const connectRefusals = [
  "unknown-attempt",
  "unsolicited",
  "declined",
  "refused-by-microsoft",
  "other-tenant",
  "connected-already",
  "disconnected",
  "link-over",
  "unavailable",
] as const;
export type ConnectRefusal = (typeof connectRefusals)[number];

interface RefusalText {
  readonly title: string;
  readonly tone: "info" | "warn" | "risk";
  readonly what: string;
  readonly action: string;
  /** For an administrator who came with a link and knows nothing of drafts and connections. */
  readonly byLink?: { readonly what: string; readonly action: string };
}

/** What happened and what to do. Nothing in it comes from the address or from Microsoft's descriptions. */
export const refusalTexts: Readonly<Record<ConnectRefusal, RefusalText>> = {
  "unknown-attempt": {
    title: "This link cannot be used",
    tone: "warn",
    what: "It does not belong to a way to Microsoft that was begun in this browser, by the person signed in here, within the last ten minutes; or it was used already.",
    action:
      "Start again from the connection, and finish in the same browser and under the same sign-in. Nothing that was entered is lost.",
    byLink: {
      what: "It does not belong to a way to Microsoft that was begun in this browser within the last ten minutes; or it was used already.",
      action: "Start again from the request, and finish in the same browser.",
    },
  },
  unsolicited: {
    title: "The app was approved outside Seatledger",
    tone: "info",
    what: "Microsoft sent you here without a connection to go back to, as it does after an approval in the Entra portal. An approval alone does not say whose tenant it is.",
    action:
      "Begin a connection, or continue the one you began: Microsoft asks for the approval once more and then for the sign-in that proves the tenant.",
  },
  declined: {
    title: "The approval was cancelled",
    tone: "info",
    what: "Somebody pressed Cancel at Microsoft. Nothing was changed, and what was entered is kept.",
    action:
      "Start again when you are ready, or ask an administrator of the tenant to approve with a link.",
    byLink: {
      what: "Somebody pressed Cancel at Microsoft. Nothing was changed.",
      action: "Open the request again when you are ready, or leave it at that.",
    },
  },
  "refused-by-microsoft": {
    title: "Microsoft did not approve the app",
    tone: "warn",
    what: "Microsoft sent you back with an error instead of an approval. Most often the person who signed in may not approve for the whole tenant.",
    action:
      "Start again and sign in as a Global Administrator or Privileged Role Administrator. When it happens again, “I am stuck” under the button tells the usual reasons.",
    byLink: {
      what: "Microsoft sent you back with an error instead of an approval. Most often the person who signed in may not approve for the whole tenant.",
      action:
        "Open the request again and sign in as a Global Administrator or Privileged Role Administrator.",
    },
  },
  "other-tenant": {
    title: "Another tenant was approved",
    tone: "warn",
    what: "The tenant that was approved at Microsoft is not the one of this connection.",
    action:
      "Start again with an administrator of the right tenant. While the connection is a draft, its tenant can be changed under “Tenant and cloud”.",
    byLink: {
      what: "The tenant that was approved at Microsoft is not the one that was asked for.",
      action:
        "Open the request again with an administrator account of that tenant, or tell the person who sent it.",
    },
  },
  "connected-already": {
    title: "This tenant is connected already",
    tone: "info",
    what: "This workspace has a connection for the tenant that was approved, and a tenant is read once per source, whatever the method.",
    action: "Use the connection that exists, and disconnect the draft you came from.",
  },
  disconnected: {
    title: "The connection is gone",
    tone: "warn",
    what: "It was disconnected while you were at Microsoft.",
    action: "Begin a new connection for the tenant.",
    byLink: {
      what: "The request was withdrawn while you were at Microsoft.",
      action: "There is nothing left to do for you.",
    },
  },
  "link-over": {
    title: "The link cannot be used any more",
    tone: "warn",
    what: "It was withdrawn or used while you were at Microsoft.",
    action: "Ask the person who sent it for a new one, if one is still needed.",
  },
  unavailable: {
    title: "Seatledger could not take this in",
    tone: "risk",
    what: "You are back from Microsoft, but something on our side failed before the answer was checked.",
    action: "Start again in a minute; approving twice does no harm.",
  },
};

/** The reason an address names; anything unknown is told as a link that cannot be used. */
export const asConnectRefusal = (text: string | null | undefined): ConnectRefusal =>
  connectRefusals.find((reason) => reason === text) ?? "unknown-attempt";
