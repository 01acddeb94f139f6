import { gzipSync } from "node:zlib";
import { expect, test } from "vitest";
import { startServer } from "#lib/microsoft/testing/http-server";
import { createFetch, defaultLimits, openResponse, parseJson, readText } from "./transport.ts";

const fetch = createFetch();
const limits = { ...defaultLimits, headerTimeoutMs: 200, idleTimeoutMs: 200 };
const get = { method: "GET", headers: {}, signal: new AbortController().signal } as const;

test("a server that never answers times out and may be asked again", async () => {
  await using server = await startServer(() => undefined);
  await expect(openResponse(fetch, server.origin, get, limits)).rejects.toMatchObject({
    failure: { class: "upstream", code: "timed-out" },
    retry: { kind: "later" },
  });
});

test("a body that stalls after the headers times out", async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200);
    response.write('{"value":');
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  await expect(readText(response, 1000)).rejects.toMatchObject({ failure: { code: "timed-out" } });
});

test("a slow body that keeps coming is read", async () => {
  await using server = await startServer(async (_, response) => {
    response.writeHead(200);
    for (const part of ["a", "b", "c", "d"]) {
      response.write(part);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    response.end();
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  expect(await readText(response, 1000)).toBe("abcd");
});

test("a connection cut in the body is a network fault that may be asked again", async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("half");
    setTimeout(() => response.destroy(), 20);
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  await expect(readText(response, 1000)).rejects.toMatchObject({
    failure: { code: "network" },
    retry: { kind: "later" },
  });
});

test("a body beyond the cap is given up, measured after decompression", async () => {
  const bomb = gzipSync(Buffer.alloc(4 * 2 ** 20));
  await using server = await startServer((_, response) => {
    response.writeHead(200, { "content-encoding": "gzip" });
    response.end(bomb);
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  await expect(readText(response, 2 ** 20)).rejects.toMatchObject({
    failure: { code: "response-too-large", facts: { limitBytes: 2 ** 20 } },
    retry: { kind: "never" },
  });
});

test("a small body that expands a thousandfold is given up before the cap", async () => {
  const bomb = gzipSync(Buffer.alloc(30 * 2 ** 20));
  await using server = await startServer((_, response) => {
    response.writeHead(200, { "content-encoding": "gzip", "content-length": `${bomb.length}` });
    response.end(bomb);
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  await expect(readText(response, limits.maxJsonBytes)).rejects.toMatchObject({
    failure: { code: "response-too-large", facts: { limitBytes: 8 * 2 ** 20 } },
  });
});

test("redirects are not followed", async () => {
  await using server = await startServer((_, response) => {
    response.writeHead(302, { location: "http://127.0.0.1:1/elsewhere" });
    response.end();
  });
  const response = await openResponse(fetch, server.origin, get, limits);
  expect([response.status, response.header("location")]).toEqual([
    302,
    "http://127.0.0.1:1/elsewhere",
  ]);
  expect(server.requests).toHaveLength(1);
});

test("an abort by the caller is passed on as it is", async () => {
  await using server = await startServer(() => undefined);
  const abort = new AbortController();
  const pending = openResponse(fetch, server.origin, { ...get, signal: abort.signal }, limits);
  abort.abort(new Error("cancelled"));
  await expect(pending).rejects.toThrow("cancelled");
});

test("nothing listens: a network fault", async () => {
  await expect(openResponse(fetch, "http://127.0.0.1:1/", get, limits)).rejects.toMatchObject({
    failure: { code: "network" },
  });
});

test("a page of HTML is no JSON, and a hostile key changes no prototype", () => {
  expect(parseJson("<html></html>")).toBeUndefined();
  parseJson('{"__proto__":{"polluted":true}}');
  expect("polluted" in {}).toBe(false);
});

test.each([
  ["nested lists", `${"[".repeat(600_000)}${"]".repeat(600_000)}`],
  ["empty objects", `[${"{},".repeat(600_000)}{}]`],
  ["nothing but numbers", `[${"1,".repeat(2_100_000)}1]`],
])("%s that would take far more memory than their text are refused unread", (_, text) => {
  expect(() => parseJson(text)).toThrow("upstream: response-too-large");
});

test("a full page of accounts with 40 licenses each is read", () => {
  const license = { skuId: "05e9a617-0261-4cee-bb44-138d3ef5d965", disabledPlans: ["a", "b"] };
  const state = { ...license, state: "Active", error: "None", assignedByGroup: null };
  const user = {
    assignedLicenses: Array.from({ length: 40 }, () => license),
    licenseAssignmentStates: Array.from({ length: 40 }, () => state),
  };
  const value = Array.from({ length: 999 }, () => user);
  expect(parseJson(JSON.stringify({ value }))).toEqual({ value });
});
