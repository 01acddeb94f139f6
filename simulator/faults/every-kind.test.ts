import { describe, expect, it } from "vitest";
import { reports } from "../reports/definitions.ts";
import { testTenant } from "../testing/harness.ts";
import { driftShapes, type Fault, type FaultInput, faultSchema, linkShapes } from "./types.ts";

const USERS = "/v1.0/users?$select=id,displayName,accountEnabled,assignedLicenses&$top=40";
const SIGN_INS = "/v1.0/users?$select=id,signInActivity&$top=40";
const SKUS = "/v1.0/subscribedSkus";
const REPORT = "getOffice365ActiveUserDetail(period='D7')";

type Simulator = Awaited<ReturnType<typeof testTenant>>;

/** What a client sees of some requests: statuses, headers that matter, bodies; "broken" when it breaks off. */
async function seen(request: () => Response | Promise<Response>): Promise<string> {
  try {
    const response = await request();
    const { headers } = response;
    const shown = ["content-encoding", "content-type", "retry-after"].map((name) =>
      headers.get(name),
    );
    const body = await response.text();
    return JSON.stringify([response.status, shown, withoutChance(body)]);
  } catch {
    return "broken";
  }
}

/** Leaves out what is never the same twice: sealed page tokens, ids and the time of an error. */
function withoutChance(text: string): string {
  return text
    .replace(/skiptoken=[\w-]+/g, "skiptoken=")
    .replace(/"(date|request-id|client-request-id)":"[^"]*"/g, "");
}

const get = (path: string) => async (simulator: Simulator) => {
  const authorization = `Bearer ${await simulator.token()}`;
  return seen(() => simulator.apps.graph.request(path, { headers: { authorization } }));
};

/** All pages of a list; page tokens are left out, since they are sealed. */
const list = (path: string) => async (simulator: Simulator) => {
  const { rows } = await simulator.all(path);
  return JSON.stringify(rows);
};

const firstPage = async (simulator: Simulator) =>
  withoutChance((await simulator.graph(USERS)).text);

const secondPage = async (simulator: Simulator) => {
  const { json } = await simulator.graph(USERS);
  const { status, text } = await simulator.graph(String(json?.["@odata.nextLink"]));
  return `${status} ${withoutChance(text)}`;
};

const download = async (simulator: Simulator) => {
  const answer = await simulator.graph(`/v1.0/reports/${REPORT}`);
  const location = answer.headers.get("location") ?? "";
  if (!location.startsWith("http://reports.test")) return new URL(location).origin;
  return seen(() => simulator.apps.reports.request(location));
};

const settings = async (simulator: Simulator) =>
  `${(await simulator.graph("/v1.0/admin/reportSettings")).text} ${await download(simulator)}`;

/** Reads twice: some faults show in the second read, or in the next token only. */
const twice = (read: (simulator: Simulator) => Promise<string>) => async (simulator: Simulator) => {
  const first = await read(simulator);
  return `${first} ${await read(simulator)}`;
};

type Probe = { fault: FaultInput; read: (simulator: Simulator) => Promise<string> };

/** One fault of every kind and a read that shows it; a new kind does not compile without an entry. */
const probes: { [K in Exclude<Fault["kind"], "hang" | "slow">]: Probe } = {
  throttle: { fault: { kind: "throttle" }, read: get(USERS) },
  "server-error": { fault: { kind: "server-error" }, read: get(USERS) },
  reset: { fault: { kind: "reset" }, read: get(USERS) },
  "gzip-bomb": { fault: { kind: "gzip-bomb", megabytes: 1 }, read: get(USERS) },
  "huge-body": { fault: { kind: "huge-body", megabytes: 1 }, read: get(USERS) },
  "expired-page-token": { fault: { kind: "expired-page-token" }, read: secondPage },
  forbidden: { fault: { kind: "forbidden" }, read: get(USERS) },
  nonpremium: { fault: { kind: "nonpremium" }, read: get(SIGN_INS) },
  unauthorized: { fault: { kind: "unauthorized" }, read: get(USERS) },
  "consent-revoked": { fault: { kind: "consent-revoked" }, read: get(USERS) },
  "secret-rotated": { fault: { kind: "secret-rotated" }, read: get(USERS) },
  truncated: { fault: { kind: "truncated" }, read: get(USERS) },
  "half-gzip": { fault: { kind: "half-gzip" }, read: get(USERS) },
  "empty-page": { fault: { kind: "empty-page" }, read: firstPage },
  "link-loop": { fault: { kind: "link-loop", shape: "endless-empty" }, read: firstPage },
  "foreign-link": { fault: { kind: "foreign-link" }, read: firstPage },
  "no-value": { fault: { kind: "no-value" }, read: firstPage },
  "duplicate-rows": { fault: { kind: "duplicate-rows" }, read: list(USERS) },
  "missing-licenses": { fault: { kind: "missing-licenses" }, read: list(USERS) },
  "bad-rows": { fault: { kind: "bad-rows" }, read: list(USERS) },
  "hostile-names": { fault: { kind: "hostile-names" }, read: list(USERS) },
  "unknown-enums": { fault: { kind: "unknown-enums" }, read: list(USERS) },
  drift: { fault: { kind: "drift", shape: "null-boolean" }, read: list(USERS) },
  "sign-in-dates": {
    fault: { kind: "sign-in-dates", shape: "empty-text", count: "all" },
    read: list(SIGN_INS),
  },
  "null-part-number": { fault: { kind: "null-part-number" }, read: get(SKUS) },
  "null-consumed": { fault: { kind: "null-consumed" }, read: get(SKUS) },
  "moving-consumed": { fault: { kind: "moving-consumed", by: 3 }, read: twice(get(SKUS)) },
  "consumed-factor": { fault: { kind: "consumed-factor", factor: 2 }, read: get(SKUS) },
  "prepaid-units": { fault: { kind: "prepaid-units", shape: "missing" }, read: get(SKUS) },
  "hidden-sku": { fault: { kind: "hidden-sku", sku: "SPE_E5" }, read: get(SKUS) },
  "unknown-sku": { fault: { kind: "unknown-sku" }, read: list(USERS) },
  "listed-and-deleted": {
    fault: { kind: "listed-and-deleted" },
    read: list("/v1.0/directory/deletedItems/microsoft.graph.user?$select=id"),
  },
  "vanishing-user": { fault: { kind: "vanishing-user" }, read: list(USERS) },
  churn: { fault: { kind: "churn" }, read: list(USERS) },
  "mass-drop": { fault: { kind: "mass-drop", keep: 0.5 }, read: list(USERS) },
  concealed: { fault: { kind: "concealed" }, read: settings },
  "refresh-date": { fault: { kind: "refresh-date", daysAgo: 9 }, read: download },
  "report-shape": { fault: { kind: "report-shape", shape: "empty" }, read: download },
  "report-host": { fault: { kind: "report-host" }, read: download },
  "report-expired": { fault: { kind: "report-expired" }, read: download },
};

describe("every kind of fault", { timeout: 30_000 }, () => {
  it.each(Object.entries(probes))(
    "%s changes what a client sees, until it is cleared",
    async (_, { fault, read }) => {
      const before = await read(await testTenant({ size: 100 }));
      const simulator = await testTenant({ size: 100 });
      simulator.faults(fault);
      const during = await read(simulator);
      simulator.faults();
      const after = await read(simulator);
      // What was taken away for good does not come back by itself.
      const forGood = fault.kind === "consent-revoked" || fault.kind === "secret-rotated";
      expect({ changes: during !== before, restores: after === before }).toEqual({
        changes: true,
        restores: !forGood,
      });
    },
  );

  it("is in this list, or is a kind of waiting tested by its time", () => {
    const kinds = faultSchema.options.map((option) => option.shape.kind.value);
    expect([...Object.keys(probes), "hang", "slow"].sort()).toEqual([...kinds].sort());
  });
});

describe("every shape", { timeout: 30_000 }, () => {
  it.each(linkShapes)("foreign-link %s never leads on in the list", async (shape) => {
    const { graph, faults } = await testTenant({ size: 100 });
    const honest = String((await graph(USERS)).json?.["@odata.nextLink"]);
    faults({ kind: "foreign-link", shape });
    const link = String((await graph(USERS)).json?.["@odata.nextLink"]);
    const of = (text: string) => {
      const url = URL.canParse(text) ? new URL(text) : undefined;
      return [url?.origin, url?.pathname, url?.username, url?.password].join();
    };
    expect(of(link)).not.toBe(of(honest));
  });

  it.each(driftShapes)("drift %s is what the row says, in the first rows only", async (shape) => {
    const { graph, faults } = await testTenant({ size: 100 });
    const before = (await graph(USERS)).json?.value as Record<string, unknown>[];
    faults({ kind: "drift", shape, count: 2, ...(shape === "huge-name" ? { size: 2000 } : {}) });
    const answer = await graph(shape === "text-for-number" ? SKUS : USERS);
    const rows = JSON.parse(answer.text).value;
    if (shape !== "text-for-number") expect(rows.slice(2)).toEqual(before.slice(2));
    const [row] = rows;
    switch (shape) {
      case "text-for-number":
        expect([typeof row.consumedUnits, typeof row.prepaidUnits.enabled]).toEqual([
          "string",
          "string",
        ]);
        expect(typeof rows[2].consumedUnits).toBe("number");
        return;
      case "number-for-text":
        expect(row.displayName).toBe(42);
        return;
      case "null-boolean":
        expect(row.accountEnabled).toBeNull();
        return;
      case "huge-name":
        expect(row.displayName).toHaveLength(2000);
        return;
      case "deep":
        expect(answer.text).toContain(`"extension":${"[".repeat(10_000)}`);
        return;
      case "proto":
        expect(Object.hasOwn(row, "__proto__")).toBe(true);
        expect(answer.text).toContain('"constructor":{"prototype":{"polluted":true}}');
        return;
      case "odata-type":
        expect(row["@odata.type"]).toBe("#microsoft.graph.somethingNew");
        return;
      case "null-row":
        expect(row).toBeNull();
        return;
      default:
        expect.unreachable(shape satisfies never);
    }
  });

  it.each(["empty-text", "null", "year-one", "no-successful", "failed-only"] as const)(
    "sign-in-dates %s leaves no evidence of use in the successful date",
    async (shape) => {
      const { all, faults } = await testTenant({ size: 100 });
      faults({ kind: "sign-in-dates", shape, count: "all" });
      const { rows } = await all(SIGN_INS);
      const activities = rows.flatMap((row) => (row.signInActivity ? [row.signInActivity] : []));
      expect(activities.length).toBeGreaterThan(50);
      for (const activity of activities as Record<string, unknown>[])
        expect([undefined, null, "", "0001-01-01T00:00:00Z"]).toContain(
          activity.lastSuccessfulSignInDateTime,
        );
    },
  );

  it("report-shape: each makes another file of the same report", async () => {
    const shapes = faultSchema.options.find((option) => option.shape.kind.value === "report-shape")
      ?.shape as { shape: { options: readonly string[] } };
    const files = new Map<string, string>();
    for (const shape of shapes.shape.options) {
      const { report, faults } = await testTenant({ size: 60 });
      faults({ kind: "report-shape", shape, lines: 70, column: "Display Name" } as FaultInput);
      const name = Object.keys(reports)[0];
      files.set(shape, (await report(`${name}(period='D7')`)).join("\r\n"));
    }
    expect(files.size).toBe(15);
    expect(new Set(files.values()).size).toBe(files.size);
  });
});
