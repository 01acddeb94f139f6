import { z } from "zod";
import type { Tx } from "#db/client";
import { findReconciledEvidence } from "#db/queries/activity-sql";
import { origins } from "#db/queries/assignment-origin";
import { assignmentShape } from "#db/queries/assignment-shape";
import {
  type AssignmentRow,
  assignmentSorts,
  countSnapshotAccounts,
  listAssignmentRows,
  listGroupNames,
} from "#db/queries/assignments";
import { findLicense, type LicenseFacts } from "#db/queries/licenses";
import type { AssignmentItem } from "#lib/domain/assignment-item";
import { expectedAssignments } from "#lib/domain/expected-assignments";
import type { FigurePage } from "#lib/domain/figure-page";
import { activities } from "#lib/domain/license";
import { maySeePeople, requireRight } from "./actor.ts";
import type { Ctx } from "./context.ts";
import { type CursorPosition, type CursorScope, openCursor } from "./cursor.ts";
import { UseCaseError } from "./errors.ts";
import {
  flagParameter,
  guid,
  notFound,
  pageInput,
  parseInput,
  searchText,
  sortInput,
  splitSort,
} from "./input.ts";
import { inWorkspace, lookAgain, requireReadable, toPage } from "./read-list.ts";

export const listAssignmentsInput = z.strictObject({
  licenseId: guid,
  activity: z.enum(activities).optional(),
  origin: z.enum(origins).optional(),
  blocked: flagParameter.optional(),
  guest: flagParameter.optional(),
  /** Assignments in error, whether or not the user holds the license. */
  error: flagParameter.optional(),
  search: searchText.optional(),
  /** `name` needs the right to see people; `account` is the order Microsoft gave them in. */
  sort: sortInput(assignmentSorts),
  ...pageInput,
});

type Query = z.output<typeof listAssignmentsInput>;

/** A page and the reconciliation all pages of the list read. */
export type AssignmentPage = FigurePage<AssignmentItem> & { readonly reconciliationId: number };

/**
 * Who holds a license, in the reconciliation the list began with: each filter lists as many rows as the license counts.
 * Without the right to see people `person`, department and job title are null, and neither search nor the order by name
 * is to be had. Right: read.
 * @throws UseCaseError `invalid`, `forbidden`, `not-found`, `newer-data` (the cursor's numbers are gone).
 */
export async function listAssignments(
  ctx: Ctx,
  input: z.input<typeof listAssignmentsInput>,
): Promise<AssignmentPage> {
  requireRight(ctx, "read");
  const query = parseInput(listAssignmentsInput, input);
  const sort = sortOf(ctx, query);
  const { licenseId, activity, origin, blocked, guest, error, search, cursor, limit } = query;
  const filter = { activity, origin, blocked, guest, error, search };
  const scope: CursorScope = { list: "assignments", sort, filters: { licenseId, ...filter } };
  const position = cursor === undefined ? null : openCursor(ctx, scope, cursor);
  const { name, descending } = splitSort(sort);
  return inWorkspace(ctx, async (tx) => {
    const { license, evidence } = await findSubject(tx, ctx, licenseId, position);
    const { workspaceId } = ctx;
    const { reconciliationId, directorySnapshotId: snapshotId, skuNo } = license;
    const matches = expectedAssignments(license.item, filter);
    const rows =
      snapshotId === null || skuNo === null || matches === 0
        ? []
        : await listAssignmentRows(tx, {
            workspaceId,
            snapshotId,
            skuNo,
            evidence,
            filter,
            sort: name,
            descending,
            after: position?.after ?? null,
            limit: limit + 1,
            shape: assignmentShape(
              { sort: name, limit, searched: search !== undefined },
              {
                accounts: await countSnapshotAccounts(tx, { workspaceId, snapshotId }),
                holders: license.item.consumed,
                matches,
              },
            ),
          });
    const groupIds = [...new Set(rows.flatMap((row) => row.groupIds))];
    const groups =
      snapshotId === null
        ? new Map<string, string>()
        : await listGroupNames(tx, { workspaceId, snapshotId, groupIds });
    const people = maySeePeople(ctx);
    const toItem = (row: AssignmentRow) => toAssignmentItem(row, { license, groups, people });
    const reconciliations = [reconciliationId];
    const newerData = await lookAgain(tx, ctx, { reconciliations, after: position?.after ?? null });
    const page = { scope, reconciliations, rows, limit, toItem };
    return { ...toPage(ctx, page), reconciliationId, newerData };
  });
}

function sortOf(ctx: Ctx, { sort, search }: Query): NonNullable<Query["sort"]> {
  const people = maySeePeople(ctx);
  if (!people && (search !== undefined || sort?.endsWith("name"))) {
    throw new UseCaseError("forbidden", "Your role does not see the names of people.");
  }
  return sort ?? (people ? "name" : "account");
}

/** The license as the list's reconciliation has it, and what its activity rests on. */
async function findSubject(tx: Tx, ctx: Ctx, licenseId: string, position: CursorPosition | null) {
  const { workspaceId } = ctx;
  if (position !== null) await requireReadable(tx, ctx, position.reconciliations);
  const license = await findLicense(tx, {
    workspaceId,
    licenseId,
    reconciliationId: position?.reconciliations[0],
  });
  if (license === undefined) {
    if (position !== null) await requireReadable(tx, ctx, position.reconciliations);
    throw notFound("license");
  }
  const { reconciliationId } = license;
  const evidence = await findReconciledEvidence(tx, { workspaceId, reconciliationId });
  if (evidence === undefined) throw notFound("license");
  return { license, evidence };
}

const toAssignmentItem = (
  row: AssignmentRow,
  about: {
    readonly license: LicenseFacts;
    readonly groups: ReadonlyMap<string, string>;
    readonly people: boolean;
  },
): AssignmentItem => {
  const { item } = about.license;
  const known = item.activity !== null;
  return {
    id: `${item.id}.${row.userNo}`,
    person: about.people
      ? {
          userId: row.userId,
          displayName: row.displayName,
          userPrincipalName: row.userPrincipalName,
        }
      : null,
    department: about.people ? row.department : null,
    country: row.country,
    jobTitle: about.people ? row.jobTitle : null,
    blocked: row.blocked,
    guest: row.guest,
    origin: row.origin,
    groups: row.groupIds.map((id) => ({ id, name: about.groups.get(id) ?? null })),
    inError: row.inError,
    error: row.error,
    assignedAt: row.assignedAt,
    activity: known ? row.activity : null,
    activityReason: known ? null : (item.unavailable.activity ?? "not-imported"),
    evidenceOn: row.evidenceOn,
    createdAt: row.createdAt,
  };
};
