import { changesRows, damageRows } from "../faults/rows.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Endpoint, GraphAnswer, GraphCall } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { type PagedRow, pageBody, startOf, takePage } from "./paging.ts";
import { pageSize, selectedProperties, selectRow } from "./select.ts";
import { userWriter } from "./user-json.ts";
import { userDefaults, userProperties } from "./user-properties.ts";
import { WrittenRows } from "./written-rows.ts";

const MAX_WITH_SIGN_INS = 500;

/** `GET /users` (reference §3.5): two streams, told apart by signInActivity in `$select`. */
export const usersEndpoint: Endpoint = {
  stream: (query) => (wantsSignIns(query) ? "sign-ins" : "users"),
  name: "users",
  permissions: ["User.Read.All", "Directory.Read.All"],
  handle: listUsers,
};

/** `GET /users/$count` (reference §3.6). */
export const userCountEndpoint: Endpoint = {
  stream: "users",
  name: "$count",
  permissions: ["User.Read.All", "Directory.Read.All"],
  handle: ({ tenant, consistencyLevel }) => {
    if (consistencyLevel?.toLowerCase() !== "eventual")
      throw new GraphFailure(graphErrors.badRequest("$count is not currently supported."));
    return { body: String(tenant.userCount()) };
  },
};

function wantsSignIns(query: URLSearchParams): boolean {
  return /signInActivity/i.test(`${query.get("$select") ?? ""},${query.get("$filter") ?? ""}`);
}

function listUsers(call: GraphCall): GraphAnswer {
  const { query, tenant } = call;
  refuseUnsupported(query);
  const signIns = call.situation.stream === "sign-ins";
  happen(call);
  const names = selectedProperties(userProperties, "user", query.get("$select"), userDefaults);
  if (signIns && !names.includes("id")) names.push("id");
  const top = pageSize(query.get("$top"), 100, signIns ? MAX_WITH_SIGN_INS : 999);
  const list = tenant.listing();
  const repeated = repeatedIndices(call, list.indices());
  const page = takePage(positions(list.indices(startOf(call))), top - repeated.length);
  const indices = [...repeated, ...page.rows];
  const counted =
    query.get("$count") === "true" && call.consistencyLevel?.toLowerCase() === "eventual";
  const body = pageBody(
    call,
    `users(${names.join(",")})`,
    { rows: writtenRows(call, names, indices, list.user), next: page.next },
    counted ? tenant.userCount() : undefined,
  );
  return {
    body,
    resourceUnits: Math.max(1, 2 - (query.has("$select") ? 1 : 0) - (top < 20 ? 1 : 0)),
  };
}

/** The rows of a page: as text, one account at a time, or as objects when a fault is to change them. */
function writtenRows(
  call: GraphCall,
  names: readonly string[],
  indices: readonly number[],
  userOf: (index: number) => SeedUser,
): readonly unknown[] | WrittenRows {
  const tenant = call.tenant.seed();
  if (!changesRows(call.tenant.faults.list())) {
    const write = userWriter(names);
    return new WrittenRows(indices.values().map((index) => write({ user: userOf(index), tenant })));
  }
  const users = indices.map(userOf);
  const rows = users.map((user) => selectRow(userProperties, names, { user, tenant }));
  return damageRows(call, users, rows);
}

function* positions(indices: Iterable<number>): Generator<PagedRow<number>> {
  for (const index of indices) yield { row: index, next: index + 1 };
}

/** Fault `churn`: the changes happen when its page, the second if it names none, is asked for the first time. */
function happen({ tenant, situation }: GraphCall): void {
  const fault = tenant.faults.state("churn");
  if (fault && situation.stream === "users" && situation.page === (fault.page ?? 2)) tenant.churn();
}

/** Fault `duplicate-rows`: the first users come again, in their current version, at the top of page two. */
function repeatedIndices(call: GraphCall, indices: Iterable<number>): readonly number[] {
  const fault = call.tenant.faults.state("duplicate-rows");
  if (!fault || call.situation.page !== 2) return [];
  return takePage(positions(indices), fault.count).rows;
}

function refuseUnsupported(query: URLSearchParams): void {
  if (query.has("$skip"))
    throw new GraphFailure(
      graphErrors.unsupportedQuery("'$skip' is not supported by the service."),
    );
  const filter = query.get("$filter");
  if (filter?.includes("assignedLicenses") && / (and|or) /.test(filter))
    throw new GraphFailure(
      graphErrors.unsupportedQuery("Complex query on property assignedLicenses is not supported."),
    );
  if (filter !== null)
    throw new GraphFailure(
      graphErrors.unsupportedQuery(
        "Unsupported or invalid query filter clause specified for property of resource 'User'.",
      ),
    );
}
