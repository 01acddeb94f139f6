import type { Activity, UtcDay } from "./license.ts";
import type { UnavailableReason } from "./quantity.ts";

export interface AssignmentItem {
  readonly id: string;
  readonly person: Person | null;
  readonly department: string | null;
  readonly country: string | null;
  readonly jobTitle: string | null;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly origin: "direct" | "group" | "both" | "unknown";
  readonly groups: readonly { readonly id: string; readonly name: string | null }[];
  readonly inError: boolean;
  readonly error: string | null;
  readonly assignedAt: string | null;
  readonly activity: Activity | null;
  readonly activityReason: UnavailableReason | null;
  /** The latest day with evidence of use. */
  readonly evidenceOn: UtcDay | null;
  readonly createdAt: string | null;
}

/** A person; null where the reader may not see people. */
export interface Person {
  readonly userId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
}
