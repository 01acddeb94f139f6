import type { GraphCall } from "../graph/endpoint.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Fault, FaultOf } from "./types.ts";

type Row = Record<string, unknown>;

/** Which rows of a page a `count` means: the first users of the list, or of the page when the fault names a page. */
function chosen(
  fault: { count: number | "all"; page?: number | undefined },
  users: readonly SeedUser[],
): (position: number) => boolean {
  const { count } = fault;
  if (count === "all") return () => true;
  if (fault.page !== undefined) return (position) => position < count;
  return (position) => (users[position]?.index ?? Number.POSITIVE_INFINITY) < count;
}

const rowKinds: ReadonlySet<Fault["kind"]> = new Set([
  "duplicate-rows",
  "missing-licenses",
  "bad-rows",
  "hostile-names",
  "unknown-enums",
  "sign-in-dates",
  "drift",
]);

/** Whether rows may be changed while these faults are set, by `damageRows` or as drift. */
export function changesRows(faults: readonly Fault[]): boolean {
  return faults.some((fault) => rowKinds.has(fault.kind));
}

/** Applies the faults that change user rows on the wire. Truth is untouched. */
export function damageRows(call: GraphCall, users: readonly SeedUser[], rows: Row[]): Row[] {
  const { faults } = call.tenant;
  const { situation } = call;
  let result = rows;
  const each = (
    fault: { count: number | "all"; page?: number | undefined } | undefined,
    change: (row: Row, position: number) => Row,
  ) => {
    if (!fault) return;
    const applies = chosen(fault, users);
    result = result.map((row, position) => (applies(position) ? change(row, position) : row));
  };
  const duplicates = faults.state("duplicate-rows");
  // The first delivery of a user that comes again is out of date: old name, no licenses yet.
  if (duplicates && situation.page === 1)
    each({ count: duplicates.count, page: 1 }, (row) => outdated(row));
  each(faults.hit("missing-licenses", situation), ({ assignedLicenses: _, ...row }) => row);
  const bad = faults.hit("bad-rows", situation);
  each(bad, (row) => (bad ? withWrongType(row, bad.field) : row));
  each(faults.hit("hostile-names", situation), (row, position) =>
    "displayName" in row
      ? { ...row, displayName: `${String(row.displayName)}${HOSTILE[position % HOSTILE.length]}` }
      : row,
  );
  each(faults.hit("unknown-enums", situation), (row) => withUnknownEnums(row));
  const dates = faults.hit("sign-in-dates", situation);
  each(dates, (row) => (dates && "signInActivity" in row ? withDates(row, dates.shape) : row));
  return result;
}

const YEAR_ONE = "0001-01-01T00:00:00Z";

function withDates(row: Row, shape: FaultOf<"sign-in-dates">["shape"]): Row {
  const activity = { ...(row.signInActivity as Row) };
  const dates = Object.keys(activity).filter((name) => name.endsWith("DateTime"));
  const all = (value: string | null) => Object.fromEntries(dates.map((name) => [name, value]));
  switch (shape) {
    case "empty-text":
      return { ...row, signInActivity: { ...activity, ...all("") } };
    case "null":
      return { ...row, signInActivity: { ...activity, ...all(null) } };
    case "year-one":
      return { ...row, signInActivity: { ...activity, ...all(YEAR_ONE) } };
    case "no-successful": {
      const { lastSuccessfulSignInDateTime: _, ...rest } = activity;
      return { ...row, signInActivity: rest };
    }
    case "failed-only": {
      const { lastSignInDateTime } = activity;
      return { ...row, signInActivity: { ...activity, ...all(null), lastSignInDateTime } };
    }
    default:
      return shape satisfies never;
  }
}

/** NUL, a lone high and a lone low surrogate, a bidi override, and a formula start. */
const HOSTILE = ["\u0000", "\ud83d", "\udc4d", "\u202etxt", "\t=1+1"];

function outdated(row: Row): Row {
  return {
    ...row,
    ...("displayName" in row ? { displayName: "Before the change" } : {}),
    ...("assignedLicenses" in row ? { assignedLicenses: [], licenseAssignmentStates: [] } : {}),
  };
}

function withWrongType(
  row: Row,
  field: "id" | "assignedLicenses" | "accountEnabled" | "createdDateTime" | "skuId",
): Row {
  switch (field) {
    case "id":
      return { ...row, id: 42 };
    case "assignedLicenses":
      return "assignedLicenses" in row ? { ...row, assignedLicenses: "none" } : row;
    case "accountEnabled":
      return "accountEnabled" in row ? { ...row, accountEnabled: "yes" } : row;
    case "createdDateTime":
      return "createdDateTime" in row ? { ...row, createdDateTime: "yesterday" } : row;
    case "skuId":
      return "assignedLicenses" in row
        ? { ...row, assignedLicenses: [{ disabledPlans: [], skuId: "not-a-guid" }] }
        : row;
    default:
      return field satisfies never;
  }
}

function withUnknownEnums(row: Row): Row {
  const states = Array.isArray(row.licenseAssignmentStates)
    ? row.licenseAssignmentStates
    : undefined;
  return {
    ...row,
    ...("userType" in row ? { userType: "Visitor" } : {}),
    ...(states
      ? {
          licenseAssignmentStates: states.map((state: Row) => ({
            ...state,
            error: "QuantumViolation",
          })),
        }
      : {}),
    newProperty: { "@odata.type": "#microsoft.graph.somethingNew" },
  };
}
