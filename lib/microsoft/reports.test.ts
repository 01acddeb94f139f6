import { expect, test } from "vitest";
import type { UsageReport } from "#lib/domain/import";
import { ReadError } from "#lib/import/ports";
import { reportSpecs } from "./report-catalog.ts";
import { readReport } from "./reports.ts";
import { collect, createReadOptions, createTestClient } from "./testing/client.ts";
import { type Handler, sendGraphError, startServer } from "./testing/http-server.ts";

/** Graph, which answers with a 302 to a second origin, and that origin. */
async function read(
  report: UsageReport,
  file: Handler | string,
  location?: (origin: string) => string,
) {
  await using files = await startServer(
    typeof file === "string"
      ? (_, response) => {
          response.writeHead(200, { "content-type": "application/octet-stream" });
          response.end(file);
        }
      : file,
  );
  await using graph = await startServer((_, response) => {
    response.writeHead(302, {
      location: location?.(files.origin) ?? `${files.origin}/d?token=secret`,
    });
    response.end();
  });
  const { client } = createTestClient({ graph: graph.origin, reportDownloads: [files.origin] });
  const result = await collect(readReport(client, report, createReadOptions().options)).then(
    (pages) => ({ pages, error: null }),
    (error: unknown) => ({ pages: [], error }),
  );
  return { ...result, graph: graph.requests, files: files.requests };
}

const bom = "\uFEFF";
const activeHeader =
  "Report Refresh Date,User Principal Name,Display Name,Is Deleted,Exchange Last Activity Date,OneDrive Last Activity Date,SharePoint Last Activity Date,Skype For Business Last Activity Date,Yammer Last Activity Date,Teams Last Activity Date,Assigned Products";

test("a report is read by header name, BOM, CRLF and quotes included", async () => {
  const { pages, graph, files } = await read(
    "active-users",
    `${bom}${activeHeader}\r\n` +
      '2026-11-21,anna@contoso.com,"Berg, Anna",False,2026-11-01,,2026-11-19,,,2026-11-05,"E3+""VISIO"""\r\n' +
      "2026-11-21,ben@contoso.com,Ben,False,,,,,,,\r\n",
  );
  expect(pages).toEqual([
    {
      rows: [
        {
          userPrincipalName: "anna@contoso.com",
          lastActivityOn: "2026-11-19",
          storageBytes: null,
          hasArchive: null,
        },
        {
          userPrincipalName: "ben@contoso.com",
          lastActivityOn: null,
          storageBytes: null,
          hasArchive: null,
        },
      ],
      quarantined: [],
      next: null,
      last: true,
      unexpected: [],
      report: { refreshedOn: "2026-11-21", concealed: false },
    },
  ]);
  expect(graph[0]?.url).toBe("/v1.0/reports/getOffice365ActiveUserDetail(period='D180')");
  expect(graph[0]?.headers.authorization).toBe("Bearer cached");
  expect(files[0]?.headers.authorization).toBeUndefined();
  expect(files[0]?.headers["accept-encoding"]).toBe("identity");
});

test("every report has its own address; activations take no parameter, Copilot its own path", () => {
  const paths = Object.values(reportSpecs).map(({ path }) => path);
  expect(new Set(paths).size).toBe(10);
  expect(reportSpecs.activations.path).toBe("/v1.0/reports/getOffice365ActivationsUserDetail");
  expect(reportSpecs.copilot.path).toMatch(/^\/v1\.0\/copilot\/reports\/.*\(period='D180'\)$/);
});

test("deleted rows and unknown people are left out, whatever the spelling", async () => {
  const { pages } = await read(
    "email",
    [
      "report refresh date,User Principal Name,Last Activity Date,Is Deleted,New Column",
      "2026-11-21,a@x.com,2026-11-01,TRUE,1",
      "2026-11-21,b@x.com,2026-11-01,Yes,1",
      "2026-11-21,(Unknown),2026-11-01,False,1",
      "2026-11-21,,2026-11-01,False,1",
      "2026-11-21,c@x.com,0001-01-01,no,1",
    ].join("\n"),
  );
  expect(pages[0]?.rows).toMatchObject([{ userPrincipalName: "c@x.com", lastActivityOn: null }]);
});

test("the mailbox report gives size and archive and no evidence of use", async () => {
  const { pages } = await read(
    "mailbox",
    "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date,Storage Used (Byte),Has Archive\n" +
      "2026-11-21,a@x.com,False,2026-11-01,53687091201,True\n" +
      "2026-11-21,b@x.com,False,2026-11-01,,\n" +
      "2026-11-21,c@x.com,False,2026-11-01,much,False\n",
  );
  expect(pages[0]?.rows).toEqual([
    {
      userPrincipalName: "a@x.com",
      lastActivityOn: null,
      storageBytes: 53_687_091_201,
      hasArchive: true,
    },
    { userPrincipalName: "b@x.com", lastActivityOn: null, storageBytes: null, hasArchive: null },
    { userPrincipalName: "c@x.com", lastActivityOn: null, storageBytes: null, hasArchive: false },
  ]);
  expect(pages[0]?.unexpected).toEqual(["Storage Used (Byte)"]);
});

test("OneDrive storage is joined by its owner and, like activations, is no evidence", async () => {
  const storage = await read(
    "onedrive-storage",
    "Report Refresh Date,Is Deleted,Last Activity Date,Owner Principal Name\n2026-11-21,False,2026-11-20,a@x.com\n",
  );
  expect(storage.pages[0]?.rows).toMatchObject([
    { userPrincipalName: "a@x.com", lastActivityOn: null },
  ]);
  const activations = await read(
    "activations",
    "Report Refresh Date,User Principal Name,Last Activated Date\n2026-11-21,a@x.com,2026-11-20\n",
  );
  expect(activations.pages[0]?.rows).toMatchObject([{ lastActivityOn: null }]);
});

test("Copilot: the latest of all its dates", async () => {
  const { pages } = await read(
    "copilot",
    "Report Refresh Date,User Principal Name,Last Activity Date,Word Copilot Last Activity Date\n2026-11-21,a@x.com,2026-11-01,2026-11-09\n",
  );
  expect(pages[0]?.rows[0]?.lastActivityOn).toBe("2026-11-09");
});

test("concealed names are known by their shape, in every case of hex", async () => {
  const file = (...names: string[]) =>
    [
      "Report Refresh Date,User Principal Name,Last Activity Date",
      ...names.map((name) => `2026-11-21,${name},`),
    ].join("\n");
  const hidden = "DC8C64D6EC3A3AA17481D7E5EB5B68A6";
  const concealed = async (...names: string[]) =>
    (await read("m365-apps", file(...names))).pages[0]?.report?.concealed;
  expect(await concealed(hidden, hidden.toLowerCase())).toBe(true);
  expect(await concealed(hidden, "a@x.com")).toBe(false);
  expect(await concealed("a@x.com")).toBe(false);
  expect(await concealed()).toBe(false);
});

test("pages of a thousand rows, facts with the first, no way to resume", async () => {
  const rows = Array.from({ length: 2500 }, (_, at) => `2026-11-21,u${at}@x.com,2026-11-01`);
  const { pages } = await read(
    "m365-apps",
    ["Report Refresh Date,User Principal Name,Last Activity Date", ...rows].join("\r\n"),
  );
  expect(pages.map((page) => [page.rows.length, page.last, page.next])).toEqual([
    [1000, false, null],
    [1000, false, null],
    [500, true, null],
  ]);
  expect(pages.map(({ report }) => report?.refreshedOn)).toEqual([
    "2026-11-21",
    undefined,
    undefined,
  ]);
  expect(pages[2]?.rows.at(-1)?.userPrincipalName).toBe("u2499@x.com");
});

test("a report with a header and nobody in it is read, without a date: nobody may use the service", async () => {
  const header = "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date";
  const { pages } = await read("teams", `${bom}${header}\r\n`);
  expect(pages).toMatchObject([
    { rows: [], last: true, report: { refreshedOn: null, concealed: false } },
  ]);
});

test.each([
  ["an empty body", "", "report-empty"],
  ["a byte order mark only", bom, "report-empty"],
  ["nobody in the report of everybody", `${bom}${activeHeader}\r\n`, "report-empty"],
  ["an unterminated quote", `${activeHeader}\n2026-11-21,"anna`, "report-malformed"],
  ["a record cut short", `${activeHeader}\n2026-11-21,anna@x.com`, "report-malformed"],
  [
    "a renamed column",
    activeHeader.replace("Teams Last Activity Date", "Teams Latest"),
    "report-missing-column",
  ],
  ["no deleted mark", activeHeader.replace("Is Deleted", "Deleted?"), "report-missing-column"],
])("%s is not “no activity”", async (_, file, code) => {
  const { error } = await read("active-users", file);
  expect(error).toMatchObject({ failure: { class: "upstream", code } });
});

test("the missing column is named", async () => {
  const { error } = await read("teams", "Report Refresh Date,User Principal Name,Is Deleted\n");
  expect(error).toMatchObject({ failure: { facts: { column: "Last Activity Date" } } });
});

test("an HTML page is no report", async () => {
  const { error } = await read("teams", (_, response) => {
    response.writeHead(200, { "content-type": "text/html" });
    response.end("<html></html>");
  });
  expect(error).toMatchObject({ failure: { code: "report-malformed" } });
});

test.each([
  "https://reports.example.net/d?token=secret",
  "https://169.254.169.254/latest/meta-data",
  "/relative",
])("a redirect to %s is refused and nothing of the URL but its host is told", async (target) => {
  const { error, files } = await read("teams", "", () => target);
  expect(error).toMatchObject({ failure: { class: "upstream", code: "report-host-refused" } });
  expect(JSON.stringify(error)).not.toContain("secret");
  expect(files).toEqual([]);
});

test("a second redirect is not followed", async () => {
  const { error, files } = await read("teams", (_, response) => {
    response.writeHead(302, { location: "/again" });
    response.end();
  });
  expect(error).toMatchObject({ failure: { code: "link-refused" } });
  expect(files).toHaveLength(1);
});

const teamsFile =
  "Report Refresh Date,User Principal Name,Is Deleted,Last Activity Date\n2026-11-21,a@x.com,False,2026-11-01\n";

test("an expired URL is asked for anew, a bounded number of times", async () => {
  const lucky = await read("teams", (_, response, index) => {
    response.writeHead(index < 2 ? 403 : 200);
    response.end(index < 2 ? "" : teamsFile);
  });
  expect(lucky.pages[0]?.rows).toHaveLength(1);
  expect([lucky.graph.length, lucky.files.length]).toEqual([3, 3]);

  const unlucky = await read("teams", (_, response) => {
    response.writeHead(410);
    response.end();
  });
  expect(unlucky.error).toMatchObject({ failure: { code: "upstream-error", status: 410 } });
  expect(unlucky.files).toHaveLength(4);
});

test("a file that breaks off asks for a restart", async () => {
  const { error } = await read("teams", (_, response) => {
    response.writeHead(200, { "content-length": "100000" });
    response.write(teamsFile);
    setTimeout(() => response.destroy(), 20);
  });
  expect(error).toBeInstanceOf(ReadError);
  expect(error).toMatchObject({ end: { kind: "restart" } });
});

test("a 403 of Graph names the permission", async () => {
  await using graph = await startServer((_, response) =>
    sendGraphError(response, 403, "S2SUnauthorized"),
  );
  const { client } = createTestClient({ graph: graph.origin });
  await expect(
    collect(readReport(client, "teams", createReadOptions().options)),
  ).rejects.toMatchObject({
    failure: { code: "permission-missing", permission: "Reports.Read.All" },
  });
});

test("an empty 200 of Graph, a day without a report, is told as empty", async () => {
  await using graph = await startServer((_, response) => response.end());
  const { client } = createTestClient({ graph: graph.origin });
  await expect(
    collect(readReport(client, "teams", createReadOptions().options)),
  ).rejects.toMatchObject({
    failure: { code: "report-empty" },
  });
});

test("a file beyond the cap is given up", async () => {
  await using files = await startServer((_, response) =>
    response.end(teamsFile + "x".repeat(10_000)),
  );
  await using graph = await startServer((_, response) => {
    response.writeHead(302, { location: `${files.origin}/d` });
    response.end();
  });
  const { client } = createTestClient(
    { graph: graph.origin, reportDownloads: [files.origin] },
    { limits: { maxReportBytes: 5000 } },
  );
  await expect(
    collect(readReport(client, "teams", createReadOptions().options)),
  ).rejects.toMatchObject({
    failure: { code: "response-too-large" },
  });
});

test.each([
  ["short", "5", 1],
  ["longer than the URL may live", "900", 2],
])("a %s limit of the file's host, told again and again, is waited for", async (_, after, urls) => {
  const file = `${activeHeader}\n2026-11-21,anna@contoso.com,Anna,False,2026-11-01,,,,,,\n`;
  const limits = urls === 1 ? 5 : 1;
  const { pages, error, graph, files } = await read("active-users", (_seen, response, index) => {
    if (index < limits) {
      return sendGraphError(response, 429, "TooManyRequests", { "retry-after": after });
    }
    response.writeHead(200, { "content-type": "application/octet-stream" });
    response.end(file);
  });
  expect(error).toBeNull();
  expect(pages.flatMap((page) => page.rows)).toHaveLength(1);
  expect(graph).toHaveLength(urls);
  expect(files).toHaveLength(limits + 1);
});
