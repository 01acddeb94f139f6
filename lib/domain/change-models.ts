/**
 * What readers see of changes: the shapes that use cases return, the API serialises and pages render. Instants are ISO
 * 8601 UTC strings. Source: DESIGN §6.
 */

import type { AssignmentItem, Person } from "./assignment-item.ts";
import type { ChangeKind, DepartmentChange } from "./change.ts";

/** One change of a license. A seat's names its person, or counts seats for those who may not see people. */
export interface ChangeItem {
  readonly id: string;
  readonly kind: ChangeKind;
  /** When the changed directory was published. */
  readonly at: string;
  readonly importId: string | null;
  readonly licenseId: string | null;
  readonly skuId: string;
  readonly productName: string;
  readonly person: Person | null;
  /** Seats, for kinds about seats; more than 1 only where no person is named. */
  readonly count: number;
  /** Units, for kinds about units and SKUs; null = not reported, or not listed. */
  readonly before: number | null;
  readonly after: number | null;
}

/** Changes of one kind of one license. Seats for kinds about seats. */
export interface ChangeCount {
  readonly kind: ChangeKind;
  readonly licenseId: string | null;
  readonly skuId: string;
  readonly productName: string;
  readonly count: number;
}

/** What a publish changed in all. `first`: there was nothing to compare with, the counts are totals. */
export interface ChangeSummary {
  readonly first: boolean;
  readonly previousAsOf: string | null;
  readonly asOf: string;
  readonly counts: readonly ChangeCount[];
}

/** A license before and after a held read. Seats and units; null = not listed, or not reported. */
export interface HeldLicense {
  readonly skuId: string;
  readonly licenseId: string | null;
  readonly productName: string;
  readonly enabledBefore: number | null;
  readonly enabledAfter: number | null;
  /** Null = not told. */
  readonly seatsBefore: number | null;
  readonly seatsAfter: number | null;
}

/** What publishing a held directory would change, with a sample of the rows behind it. */
export interface HeldComparison {
  readonly summary: ChangeSummary;
  readonly licenses: readonly HeldLicense[];
  readonly departments: readonly DepartmentChange[];
  readonly sample: readonly ChangeItem[];
}

/** One account of a tenant: what it holds now and how that came to be. */
export interface AccountDetail {
  readonly userId: string;
  readonly connectionId: string;
  readonly displayName: string | null;
  readonly userPrincipalName: string | null;
  readonly department: string | null;
  readonly jobTitle: string | null;
  /** False: the present directory has no such account, or only a deleted one. */
  readonly present: boolean;
  readonly blocked: boolean;
  readonly guest: boolean;
  readonly createdAt: string | null;
  /** When the directory was read. */
  readonly asOf: string | null;
  readonly licenses: readonly {
    readonly licenseId: string;
    readonly productName: string;
    readonly origin: AssignmentItem["origin"];
    readonly assignedAt: string | null;
  }[];
  /** The newest changes first. */
  readonly changes: readonly ChangeItem[];
  /** Whether there are older changes than those listed. */
  readonly moreChanges: boolean;
  /** The changes of the newest import are still being found, and are not listed. */
  readonly comparing: boolean;
}
