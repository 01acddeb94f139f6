import { expect, test } from "vitest";
import { clouds } from "#lib/domain/connection";
import { hostsOf, isOffered, mayDownloadFrom, onOrigin, originsOf } from "./clouds.ts";

test("each cloud has its own hosts, and its token scope names its Graph host", () => {
  for (const cloud of clouds) {
    const { graphHost, graphScope, loginHost } = hostsOf(cloud);
    expect(graphScope).toBe(`https://${graphHost}/.default`);
    expect(originsOf(cloud)).toMatchObject({
      login: `https://${loginHost}`,
      graph: `https://${graphHost}`,
      loginHost,
    });
  }
  expect(new Set(clouds.map((cloud) => hostsOf(cloud).graphHost)).size).toBe(clouds.length);
});

test("usage reports and their settings are offered in the Global cloud only", () => {
  expect(isOffered("global", "report:copilot")).toBe(true);
  expect(isOffered("china", "report:copilot")).toBe(false);
  expect(isOffered("us-gov-l4", "report-settings")).toBe(false);
  expect(isOffered("us-gov-l5", "sign-ins")).toBe(true);
});

test("overrides replace the origins and leave the authority's host alone", () => {
  const origins = originsOf("global", {
    login: "http://127.0.0.1:9000",
    graph: "http://localhost:9001/",
    reportDownloads: ["http://[::1]:9002"],
  });
  expect(origins).toEqual({
    login: "http://127.0.0.1:9000",
    graph: "http://localhost:9001",
    portal: "https://portal.azure.com",
    loginHost: "login.microsoftonline.com",
    reportDownloads: ["http://[::1]:9002"],
    reportHostSuffixes: [],
  });
});

test.each([
  "http://graph.example.com",
  "https://user@graph.example.com",
  "https://graph.example.com/v1.0",
  "https://graph.example.com?x=1",
  "ftp://127.0.0.1",
])("the origin %s is refused", (graph) => {
  expect(() => originsOf("global", { graph })).toThrow(TypeError);
});

test.each([
  ["https://reportsncu.office.com/data/v1.0/download?token=x", true],
  ["https://office.com/data", false],
  ["https://reports.office.com.example.net/data", false],
  ["https://evil-office.com/data", false],
  ["http://reports.office.com/data", false],
  ["https://reports.office.com:8443/data", false],
  ["https://me@reports.office.com/data", false],
  ["https://169.254.169.254/latest", false],
])("a report file at %s: %s", (url, allowed) => {
  expect(mayDownloadFrom(new URL(url), originsOf("global"))).toBe(allowed);
});

test("configured report origins replace Microsoft's", () => {
  const origins = originsOf("global", { reportDownloads: ["http://127.0.0.1:9002"] });
  expect(mayDownloadFrom(new URL("http://127.0.0.1:9002/d?t=1"), origins)).toBe(true);
  expect(mayDownloadFrom(new URL("http://127.0.0.1:9003/d?t=1"), origins)).toBe(false);
  expect(mayDownloadFrom(new URL("https://reports.office.com/d"), origins)).toBe(false);
});

test("moving a URL to another origin keeps path and query", () => {
  expect(onOrigin("https://login.example/a/b?c=d", "http://127.0.0.1:1")).toBe(
    "http://127.0.0.1:1/a/b?c=d",
  );
});
