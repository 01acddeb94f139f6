import { expect, test } from "vitest";
import { ReadError } from "#lib/import/ports";
import { type Collection, readPages } from "./paging.ts";
import { collect, createReadOptions, createTestClient } from "./testing/client.ts";
import { type Handler, sendGraphError, sendJson, startServer } from "./testing/http-server.ts";

const users = (pageSize: number | null = null): Collection => ({
  path: "/v1.0/users",
  query: "$select=id",
  pageSize: pageSize === null ? null : { current: pageSize },
  service: "directory",
  permission: "User.Read.All",
});

async function read(handler: Handler, collection = users(), cursor?: (origin: string) => string) {
  await using server = await startServer(handler);
  const { client } = createTestClient({ graph: server.origin });
  const { options } = createReadOptions();
  const start = cursor ? cursor(server.origin) : null;
  const pages = await collect(readPages(client, collection, start, options)).catch(
    (error: unknown) => error,
  );
  return { pages, urls: server.requests.map(({ url }) => url) };
}

/** Answers pages 0 … last, linking each to the next on the server's own origin. */
const linked =
  (last: number, rows = 1): Handler =>
  ({ url, headers }, response) => {
    const page = Number(new URL(url, "http://x").searchParams.get("$skiptoken") ?? 0);
    sendJson(response, 200, {
      value: Array.from({ length: rows }, () => page),
      ...(page < last
        ? {
            "@odata.nextLink": `http://${headers.host}/v1.0/users?$select=id&$skiptoken=${page + 1}`,
          }
        : {}),
    });
  };

test("links are followed verbatim to the page without one, empty pages included", async () => {
  const { pages, urls } = await read(linked(3));
  expect(pages).toMatchObject([
    { values: [0] },
    { values: [1] },
    { values: [2] },
    { values: [3], next: null },
  ]);
  expect(urls).toEqual([
    "/v1.0/users?$select=id",
    ...[1, 2, 3].map((page) => `/v1.0/users?$select=id&$skiptoken=${page}`),
  ]);
  expect((await read(linked(5, 0))).urls).toHaveLength(6);
});

test("reading resumes at a link", async () => {
  const { urls } = await read(
    linked(3),
    users(),
    (origin) => `${origin}/v1.0/users?$select=id&$skiptoken=2`,
  );
  expect(urls).toEqual([2, 3].map((page) => `/v1.0/users?$select=id&$skiptoken=${page}`));
});

test.each([
  ["another host", () => "https://graph.example.net/v1.0/users?$skiptoken=1"],
  ["the metadata address", () => "http://169.254.169.254/v1.0/users"],
  ["user info", (origin: string) => `${origin.replace("//", "//me@")}/v1.0/users?$skiptoken=1`],
  ["another path", (origin: string) => `${origin}/v1.0/me?$skiptoken=1`],
  ["a path that climbs out", (origin: string) => `${origin}/v1.0/users/../me`],
  ["a look-alike path", (origin: string) => `${origin}/v1.0/usersX`],
  ["no URL", () => "skiptoken=1"],
  ["a NUL", (origin: string) => `${origin}/v1.0/users?$skiptoken=\0`],
  ["a lone surrogate", (origin: string) => `${origin}/v1.0/users?$skiptoken=\ud83d`],
])("a link to %s is refused before anything is sent or handed over", async (_, link) => {
  const { pages, urls } = await read(({ headers }, response) =>
    sendJson(response, 200, { value: [1], "@odata.nextLink": link(`http://${headers.host}`) }),
  );
  expect(pages).toMatchObject({ failure: { class: "upstream", code: "link-refused" } });
  expect(urls).toHaveLength(1);
});

test("a page with far more rows than Microsoft sends is refused", async () => {
  const value = Array.from({ length: 20_001 }, () => ({}));
  const { pages, urls } = await read((_, response) => sendJson(response, 200, { value }));
  expect(pages).toMatchObject({ failure: { class: "upstream", code: "response-too-large" } });
  expect(urls).toHaveLength(1);
});

test("a cursor from elsewhere is refused as well", async () => {
  const { pages, urls } = await read(linked(1), users(), () => "https://evil.example/v1.0/users");
  expect(pages).toMatchObject({ failure: { code: "link-refused" } });
  expect(urls).toEqual([]);
});

test("the same link twice, also by way of another, is a loop", async () => {
  const { pages, urls } = await read(({ url, headers }, response) => {
    const token = new URL(url, "http://x").searchParams.get("$skiptoken") === "a" ? "b" : "a";
    sendJson(response, 200, {
      value: [1],
      "@odata.nextLink": `http://${headers.host}/v1.0/users?$skiptoken=${token}`,
    });
  });
  expect(pages).toMatchObject({ failure: { class: "upstream", code: "link-loop" } });
  expect(urls).toHaveLength(3);
});

test("more than a hundred empty pages in a row are a loop", async () => {
  const { pages, urls } = await read(linked(10_000, 0));
  expect(pages).toMatchObject({ failure: { code: "link-loop" } });
  expect(urls).toHaveLength(101);
});

test.each([{}, { value: null }, { value: {} }, "text", []])(
  "a page %j is not an empty one",
  async (body) => {
    const { pages } = await read((_, response) => sendJson(response, 200, body));
    expect(pages).toMatchObject({ failure: { class: "upstream", code: "unreadable-response" } });
  },
);

test("an expired page token asks for a restart", async () => {
  const { pages } = await read((seen, response, index) =>
    index === 0
      ? linked(2)(seen, response, index)
      : sendGraphError(response, 400, "Directory_ExpiredPageToken"),
  );
  expect(pages).toBeInstanceOf(ReadError);
  expect(pages).toMatchObject({ end: { kind: "restart" } });
});

test("a refused page size is halved until Graph accepts it", async () => {
  const { pages, urls } = await read(({ url }, response) => {
    const top = Number(new URL(url, "http://x").searchParams.get("$top"));
    if (top > 120) sendGraphError(response, 400, "UnknownError");
    else sendJson(response, 200, { value: [top] });
  }, users(500));
  expect(pages).toEqual([{ values: [62], next: null }]);
  expect(urls.map((url) => url.split("$top=")[1])).toEqual(["500", "250", "125", "62"]);
});

test("a page size refused in the middle restarts, and the restart asks for less", async () => {
  const collection = users(500);
  const { pages } = await read((seen, response, index) => {
    if (index === 0) linked(2)(seen, response, index);
    else sendGraphError(response, 400, "Request_UnsupportedQuery");
  }, collection);
  expect(pages).toMatchObject({ end: { kind: "restart" } });
  expect(collection.pageSize?.current).toBe(250);
});

test("a request that stays bad is told as such", async () => {
  const { pages, urls } = await read(
    (_, response) => sendGraphError(response, 400, "Request_BadRequest"),
    users(999),
  );
  expect(pages).toMatchObject({ failure: { code: "bad-request", status: 400 } });
  expect(urls).toHaveLength(5);
});

test("nothing is read ahead", async () => {
  await using server = await startServer(linked(3));
  const { client } = createTestClient({ graph: server.origin });
  const pages = readPages(client, users(), null, createReadOptions().options);
  await pages.next();
  await new Promise((resolve) => setTimeout(resolve, 30));
  expect(server.requests).toHaveLength(1);
  await pages.return();
});
