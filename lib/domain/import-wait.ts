import { type Stream, streams } from "./import.ts";

/** What Microsoft limits apart from each other, by tenant. Source: reference/microsoft-graph.md §4.1, §4.2. */
export const microsoftServices = ["directory", "sign-in-reports", "usage-reports"] as const;
export type MicrosoftService = (typeof microsoftServices)[number];

export const serviceLabels: Readonly<Record<MicrosoftService, string>> = {
  directory: "directory",
  "sign-in-reports": "sign-in reports",
  "usage-reports": "usage reports",
};

/** The service a stream is read from. */
export const serviceOf = (stream: Stream): MicrosoftService =>
  stream === "sign-ins" ? "sign-in-reports" : stream === "usage" ? "usage-reports" : "directory";

/** A service that Microsoft wants left alone until an instant (ISO, UTC). */
export interface ServiceLimit {
  readonly service: MicrosoftService;
  readonly until: string;
}

/** The limits of streams: of each service the one that lasts longest. */
export function limitsOf(
  waiting: readonly { readonly name: Stream; readonly limitedUntil: string | null }[],
): readonly ServiceLimit[] {
  const until = new Map<MicrosoftService, string>();
  for (const name of streams) {
    for (const stream of waiting) {
      if (stream.name !== name || stream.limitedUntil === null) continue;
      const known = until.get(serviceOf(name));
      if (known === undefined || Date.parse(known) < Date.parse(stream.limitedUntil)) {
        until.set(serviceOf(name), stream.limitedUntil);
      }
    }
  }
  return [...until].map(([service, instant]) => ({ service, until: instant }));
}
