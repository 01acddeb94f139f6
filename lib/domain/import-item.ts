import type { ChangedLink } from "./app-license.ts";
import type { BesideFigures, HoldReason } from "./hold.ts";
import type {
  Dataset,
  ImportState,
  ImportTrigger,
  RunState,
  Stream,
  StreamState,
} from "./import.ts";
import type { UnavailableReason } from "./quantity.ts";
import type { ToldFailure } from "./read-models.ts";

export interface ImportItem {
  readonly id: string;
  readonly connectionId: string;
  readonly connectionName: string;
  readonly state: ImportState;
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  /** Who else asked while it was under way, and got it: people, and the schedule whose run was due. */
  readonly joinedBy: readonly ImportJoin[];
  readonly createdAt: string;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly streams: readonly StreamItem[];
  readonly datasets: readonly DatasetItem[];
  /** SKUs read so far, shown before they are published. */
  readonly preview: readonly {
    readonly skuId: string;
    readonly productName: string;
    readonly enabled: number | null;
    readonly consumedUnits: number | null;
  }[];
  /** Accounts that came without their licenses; null = none, or told only by the import's own page. */
  readonly unread: UnreadAccounts | null;
  /** Expected number of users where known, to say "page 3 of about 4". */
  readonly expectedUsers: number | null;
  /** Seconds since a worker last showed itself; null = none ever. */
  readonly workerSeenSecondsAgo: number | null;
}

/** Accounts of a directory's list whose licenses could not be read. docs/adr/0021. */
export interface UnreadAccounts {
  /** They keep what an earlier directory had of them. */
  readonly carried: number;
  /** At most so many were never read: what they hold is not known. */
  readonly unknown: number;
  /** The first of them; empty for those who may not see people. */
  readonly accounts: readonly {
    readonly userId: string;
    readonly displayName: string | null;
    readonly userPrincipalName: string | null;
    /** When its licenses were last read; null = never. */
    readonly seatsAsOf: string | null;
  }[];
}

export interface ImportJoin {
  readonly trigger: ImportTrigger;
  readonly requestedBy: string;
  readonly at: string;
}

export interface StreamItem {
  readonly name: Stream;
  readonly state: StreamState;
  readonly rows: number;
  readonly pages: number;
  readonly quarantined: number;
  /** Fields because of which rows were set aside, by name. */
  readonly quarantinedFields: readonly string[];
  /** Fields with values outside the documented ones, by name: kept or left empty, no fault. */
  readonly unexpectedFields: readonly string[];
  readonly retries: number;
  /** Microsoft wants to be left alone until then; only while the stream is read. */
  readonly limitedUntil: string | null;
  /** We wait until then, so as not to ask more than Microsoft allows; shown when it is long. */
  readonly pacedUntil: string | null;
  readonly reason: UnavailableReason | null;
  readonly error: ToldFailure | null;
}

export interface DatasetItem {
  readonly name: Dataset;
  readonly runId: string;
  readonly state: RunState;
  readonly adopted: boolean;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  readonly publishedAt: string | null;
  readonly decidedBy: string | null;
  readonly error: ToldFailure | null;
  readonly hold: HoldItem | null;
  /** The connection's verification that has to end before this dataset is read; null = it does not wait for one. */
  readonly awaitsVerification: AwaitedVerification | null;
}

/** A verification under way, and when it is tried again while it waits for Microsoft. */
export interface AwaitedVerification {
  readonly state: "queued" | "running" | "waiting";
  readonly nextAttemptAt: string | null;
}

/** Before and after of a held read. Accounts, SKUs, seats. */
export interface HoldItem {
  readonly reasons: readonly HoldReason[];
  readonly before: HoldFigures | null;
  readonly after: HoldFigures;
  /** What another connector of the tenant counts; null where that is not why. */
  readonly beside: BesideFigures | null;
  /** Licenses that would stand for another product than before, or for none. */
  readonly links: readonly ChangedLink[];
}

/** Accounts, SKUs, seats. */
export interface HoldFigures {
  readonly rows: number;
  readonly skus: number;
  readonly consumed: number;
  /** Null where the source tells no such count. */
  readonly reported: number | null;
}
