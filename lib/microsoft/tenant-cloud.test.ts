import { expect, test } from "vitest";
import type { Fetch } from "#lib/http/transport";
import { originsOf } from "./clouds.ts";
import { findTenantCloud } from "./tenant-cloud.ts";

const tenant = "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01";

/** Answers by host name: a status and a body, or a connection that fails. */
const answering =
  (answers: Readonly<Record<string, readonly [number, string] | "reset">>): Fetch =>
  async (url) => {
    const answer = answers[new URL(url).hostname] ?? [404, ""];
    if (answer === "reset") throw new TypeError("fetch failed");
    const [status, text] = answer;
    const body = (async function* () {
      yield new TextEncoder().encode(text);
    })();
    return { status, headers: new Headers(), body };
  };

const ask = (answers: Parameters<typeof answering>[0], signal = new AbortController().signal) =>
  findTenantCloud({
    tenant,
    originsOf: (cloud) => originsOf(cloud),
    fetch: answering(answers),
    signal,
  });

const told = (document: object): readonly [number, string] => [200, JSON.stringify(document)];
const com = "login.microsoftonline.com";
const cn = "login.partner.microsoftonline.cn";

test.each([
  [{ cloud_instance_name: "microsoftonline.com", tenant_region_sub_scope: "GCC" }, "global"],
  [{ cloud_instance_name: "microsoftonline.us", tenant_region_sub_scope: "DODCON" }, "us-gov-l4"],
  [{ cloud_instance_name: "microsoftonline.us", tenant_region_sub_scope: "DOD" }, "us-gov-l5"],
  [{ cloud_instance_name: "somewhere.example" }, null],
  [{ cloud_instance_name: 7 }, null],
])("the document %j says %s", async (document, cloud) => {
  expect(await ask({ [com]: told(document) })).toBe(cloud);
});

test("a tenant that the Global login does not know is sought in China", async () => {
  const document = { cloud_instance_name: "partner.microsoftonline.cn" };
  expect(await ask({ [com]: [400, "{}"], [cn]: told(document) })).toBe("china");
});

test.each([
  ["no login knows it", { [com]: [400, "{}"], [cn]: [400, "{}"] }],
  ["no login answers", { [com]: "reset", [cn]: "reset" }],
  ["the answers are no documents", { [com]: [200, "<html>"], [cn]: [200, "null"] }],
  ["the answer has no end", { [com]: [200, "x".repeat(70_000)] }],
] as const)("nothing is concluded when %s", async (_, answers) => {
  expect(await ask(answers)).toBeNull();
});

test("a caller that gives up is told so", async () => {
  const abort = new AbortController();
  abort.abort(new Error("stopping"));
  await expect(ask({ [com]: "reset" }, abort.signal)).rejects.toThrow("stopping");
});
