import { acquireEmbedded, type DatabaseUrls } from "./embedded/acquire.ts";
import { migrateDatabase } from "./migrate.ts";

/** Where a program finds its database. */
export type DatabaseLocation =
  | { readonly kind: "server"; readonly url: string }
  | { readonly kind: "embedded"; readonly dataDir: string };

export interface LocatedDatabase {
  readonly url: string;
  /** Leaves the embedded server, which stops with its last user; does nothing for a server. */
  release(): Promise<void>;
}

/**
 * The URL a program connects to. The embedded server is started or joined, and brought up to date: nobody else looks
 * after it. A server of the operator's is left as it is.
 */
export async function locateDatabase(
  location: DatabaseLocation,
  role: keyof DatabaseUrls,
): Promise<LocatedDatabase> {
  switch (location.kind) {
    case "server":
      return { url: location.url, release: async () => undefined };
    case "embedded": {
      const lease = await acquireEmbedded(location.dataDir);
      try {
        await migrateDatabase(lease.urls.owner);
      } catch (error) {
        await lease.release();
        throw error;
      }
      return { url: lease.urls[role], release: lease.release };
    }
    default:
      return location satisfies never;
  }
}
