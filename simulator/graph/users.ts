import { damageRows } from "../faults/rows.ts";
import type { SeedUser } from "../seed/user.ts";
import type { Endpoint, GraphAnswer, GraphCall } from "./endpoint.ts";
import { GraphFailure, graphErrors } from "./errors.ts";
import { type PagedRow, pageBody, startOf, takePage } from "./paging.ts";
import { pageSize, selectedProperties, selectRow } from "./select.ts";
import { userDefaults, userProperties } from "./user-properties.ts";

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
  const names = selectedProperties(userProperties, "user", query.get("$select"), userDefaults);
  if (signIns && !names.includes("id")) names.push("id");
  const top = pageSize(query.get("$top"), 100, signIns ? MAX_WITH_SIGN_INS : 999);
  const seed = tenant.seed();
  const repeated = repeatedUsers(call);
  const page = takePage(positions(tenant.users(startOf(call))), top - repeated.length);
  const users = [...repeated, ...page.rows];
  const rows = users.map((user) => selectRow(userProperties, names, { user, tenant: seed }));
  const counted =
    query.get("$count") === "true" && call.consistencyLevel?.toLowerCase() === "eventual";
  const body = pageBody(
    call,
    `users(${names.join(",")})`,
    { rows: damageRows(call, users, rows), next: page.next },
    counted ? tenant.userCount() : undefined,
  );
  return {
    body,
    resourceUnits: Math.max(1, 2 - (query.has("$select") ? 1 : 0) - (top < 20 ? 1 : 0)),
  };
}

function* positions(users: Iterable<SeedUser>): Generator<PagedRow<SeedUser>> {
  for (const user of users) yield { row: user, next: user.index + 1 };
}

/** Fault `duplicate-rows`: the first users come again, in their current version, at the top of page two. */
function repeatedUsers(call: GraphCall): SeedUser[] {
  const fault = call.tenant.faults.state("duplicate-rows");
  if (!fault || call.situation.page !== 2) return [];
  return [...takePage(positions(call.tenant.users()), fault.count).rows];
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
