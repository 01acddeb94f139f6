import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { errorCode, testTenant } from "../testing/harness.ts";
import { reportHeaders } from "./headers.ts";

const ACTIVE = "getOffice365ActiveUserDetail(period='D180')";

type Row = Record<string, string>;
const rowsOf = (lines: string[]): Row[] =>
  parse<Row>(lines.join("\r\n"), { bom: true, columns: true });

describe("usage reports", () => {
  it("redirects to the third origin, which refuses a bearer token and anything but its own links", async () => {
    const { graph, apps } = await testTenant();
    const answer = await graph(`/v1.0/reports/${ACTIVE}`);
    const location = answer.headers.get("location") ?? "";
    expect([answer.status, new URL(location).origin]).toEqual([302, "http://reports.test"]);
    expect(
      (await apps.reports.request(location, { headers: { authorization: "Bearer x" } })).status,
    ).toBe(400);
    const download = await apps.reports.request(location);
    expect([download.status, download.headers.get("content-type")]).toEqual([
      200,
      "application/octet-stream",
    ]);
    expect((await apps.reports.request("/data/v1.0/download?token=guess")).status).toBe(404);
  });

  it("lets a link expire", async () => {
    const { graph, apps, faults } = await testTenant();
    faults({ kind: "report-expired" });
    const location = (await graph(`/v1.0/reports/${ACTIVE}`)).headers.get("location") ?? "";
    expect((await apps.reports.request(location)).status).toBe(403);
  });

  it.each(
    Object.keys(reportHeaders).filter(
      (name) => !name.includes("Copilot") && !name.includes("Activations"),
    ),
  )("gives %s with Microsoft's header line, BOM, CRLF and the tenant's users", async (name) => {
    const { report } = await testTenant({ size: 300 });
    const lines = await report(`${name}(period='D30')`);
    expect(lines[0]).toBe(`\ufeff${reportHeaders[name as keyof typeof reportHeaders]}`);
    const rows = rowsOf(lines);
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows.map((row) => row["Report Refresh Date"]))).toEqual(new Set(["2026-11-21"]));
  });

  it("gives the activations without parameters and Copilot under its own path", async () => {
    const { report, graph, apps } = await testTenant({ size: 300 });
    expect((await report("getOffice365ActivationsUserDetail")).length).toBeGreaterThan(50);
    expect(
      (await graph("/v1.0/reports/getOffice365ActivationsUserDetail(period='D7')")).status,
    ).toBe(400);
    expect(
      (await graph("/v1.0/reports/getMicrosoft365CopilotUsageUserDetail(period='D180')")).status,
    ).toBe(400);
    const location =
      (
        await graph("/v1.0/copilot/reports/getMicrosoft365CopilotUsageUserDetail(period='D180')")
      ).headers.get("location") ?? "";
    const text = await (await apps.reports.request(location)).text();
    expect(text.split("\r\n")[0]).toBe(reportHeaders.getMicrosoft365CopilotUsageUserDetail);
  });

  it("refuses JSON on v1.0, an unknown period and an unknown report", async () => {
    const { graph } = await testTenant();
    const json = await graph(`/v1.0/reports/${ACTIVE}?$format=application/json`);
    expect([
      json.status,
      errorCode(json),
      json.text.includes("JSON format is not supported."),
    ]).toEqual([400, "UnknownError", true]);
    expect((await graph("/v1.0/reports/getMailboxUsageDetail(period='D1')")).status).toBe(400);
    expect((await graph("/v1.0/reports/getNothing(period='D7')")).status).toBe(400);
  });

  it("agrees with the sign-ins: no activity later than the last use, none for people who never signed in", async () => {
    const { report, tenant } = await testTenant({ size: 500 });
    const users = new Map([...tenant.users()].map((user) => [user.userPrincipalName, user]));
    const rows = rowsOf(await report(ACTIVE));
    let active = 0;
    for (const row of rows) {
      const user = users.get(row["User Principal Name"] ?? "");
      const last = row["Exchange Last Activity Date"];
      if (!user || !last) continue;
      active += 1;
      expect(user.lastActive).not.toBeNull();
      expect(Date.parse(last) / 86_400_000).toBeLessThanOrEqual(user.lastActive ?? 0);
    }
    expect(active).toBeGreaterThan(200);
  });

  it("has deleted users and rows Microsoft cannot name", async () => {
    const { report } = await testTenant({ size: 2000 });
    const rows = rowsOf(await report("getMailboxUsageDetail(period='D180')"));
    expect(rows.some((row) => row["Is Deleted"] === "True" && row["Deleted Date"] !== "")).toBe(
      true,
    );
    expect(rows.some((row) => row["User Principal Name"] === "(Unknown)")).toBe(true);
    // Rooms have a comma in their names, so the fields are quoted.
    expect(rows.some((row) => (row["Display Name"] ?? "").includes(","))).toBe(true);
    expect(rows.some((row) => row["Has Archive"] === "True")).toBe(true);
    expect(rows.some((row) => Number(row["Storage Used (Byte)"]) > 50 * 2 ** 30)).toBe(true);
  });

  it("conceals names, with the setting readable", async () => {
    const { report, graph } = await testTenant({ concealedNames: true });
    expect((await graph("/v1.0/admin/reportSettings")).json).toMatchObject({
      displayConcealedNames: true,
    });
    for (const row of rowsOf(await report(ACTIVE)))
      expect(row["User Principal Name"]).toMatch(/^[0-9A-F]{32}$/);
  });

  it("shows an older or a future refresh date, and clips activity to it", async () => {
    const { report, faults } = await testTenant();
    faults({ kind: "refresh-date", daysAgo: 11 });
    const rows = rowsOf(await report(ACTIVE));
    expect(rows[0]?.["Report Refresh Date"]).toBe("2026-11-12");
    expect(rows.every((row) => (row["Exchange Last Activity Date"] ?? "") <= "2026-11-12")).toBe(
      true,
    );
    faults({ kind: "refresh-date", daysAgo: -3 });
    expect(rowsOf(await report(ACTIVE))[0]?.["Report Refresh Date"]).toBe("2026-11-26");
  });

  it("comes empty, malformed or with other columns when told to", async () => {
    const { report, faults } = await testTenant();
    const shaped = async (
      shape:
        | "empty"
        | "header-only"
        | "malformed"
        | "missing-column"
        | "renamed-column"
        | "reordered",
      column?: string,
    ) => {
      faults({
        kind: "report-shape",
        endpoint: "getOffice365ActiveUserDetail",
        shape,
        ...(column ? { column } : {}),
      });
      return report(ACTIVE);
    };
    expect(await shaped("empty")).toEqual(["\ufeff"]);
    expect(await shaped("header-only")).toHaveLength(2);
    const malformed = await shaped("malformed");
    expect(() => rowsOf(malformed)).toThrow();
    expect((await shaped("missing-column", "Teams Last Activity Date"))[0]).not.toContain(
      "Teams Last Activity Date",
    );
    expect((await shaped("renamed-column"))[0]).toContain("User Principal Name (new)");
    expect((await shaped("reordered"))[0]).toMatch(/^\ufeffAssigned Products,.*,A New Column$/);
    expect((await report("getMailboxUsageDetail(period='D7')"))[0]).toBe(
      `\ufeff${reportHeaders.getMailboxUsageDetail}`,
    );
  });

  it("limits requests per report when asked to", async () => {
    const { graph, tenant } = await testTenant();
    tenant.knobs.reportLimit = 2;
    const statuses = [];
    for (let i = 0; i < 3; i += 1) statuses.push((await graph(`/v1.0/reports/${ACTIVE}`)).status);
    expect(statuses).toEqual([302, 302, 429]);
    expect((await graph("/v1.0/reports/getMailboxUsageDetail(period='D7')")).status).toBe(302);
  });
});
