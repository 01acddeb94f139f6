import { get as httpGet } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator, type Simulator } from "../create-simulator.ts";
import { tenantFromRequest } from "../specs.ts";
import type { FaultInput } from "./types.ts";

/** What only a real connection shows. */
describe("faults on the wire", { timeout: 60_000 }, () => {
  const spec = tenantFromRequest({ seed: "wire", size: 60 });
  let simulator: Simulator;
  let headers: Record<string, string> = {};

  beforeAll(async () => {
    simulator = await createSimulator({ tenants: [spec], apps: [] });
    const [app] = spec.apps;
    const response = await fetch(`${simulator.loginOrigin}/${spec.id}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: app?.clientId ?? "",
        client_secret: app?.secrets[0]?.value ?? "",
        scope: "https://graph.microsoft.com/.default",
      }),
    });
    const { access_token } = (await response.json()) as { access_token: string };
    headers = { authorization: `Bearer ${access_token}` };
  });
  afterAll(() => simulator.close());

  const set = (...faults: FaultInput[]) => simulator.store.findTenant(spec.id)?.setFaults(faults);
  const get = (path = "/v1.0/users", signal: AbortSignal | null = null) =>
    fetch(`${simulator.graphOrigin}${path}`, { headers, signal, redirect: "manual" });

  it("ends in the middle of its gzip", async () => {
    set({ kind: "half-gzip", times: 1 });
    const response = await get();
    expect([response.status, response.headers.get("content-encoding")]).toEqual([200, "gzip"]);
    // Some clients break off, others give what they could unpack: either way it is no document.
    await expect(response.json()).rejects.toThrow();
    expect(await (await get()).json()).toHaveProperty("value");
  });

  it("sends headers and nothing else", async () => {
    set({ kind: "hang", when: "after-headers", times: 1 });
    const response = await get();
    expect(response.status).toBe(200);
    const reader = response.body?.getReader();
    const read = reader?.read();
    set();
    await expect(read).rejects.toThrow();
  });

  it("unpacks a gzip bomb of 64 MB from less than a hundredth of it, into valid JSON", async () => {
    set({ kind: "gzip-bomb", megabytes: 64 });
    const response = await get();
    expect(response.headers.get("content-encoding")).toBe("gzip");
    let unpacked = 0;
    for await (const chunk of response.body ?? []) unpacked += chunk.length;
    expect(unpacked).toBe(64 * 2 ** 20 + '{"value":[]}'.length);
    const packed = await rawLength(`${simulator.graphOrigin}/v1.0/users`, headers);
    expect(packed).toBeLessThan(unpacked / 500);
  });

  it.each(["gzip-bomb", "huge-body"] as const)(
    "makes a %s only as fast as it is read, and stops when the reader goes",
    async (kind) => {
      set({ kind, megabytes: 4096 });
      const before = process.memoryUsage().rss;
      const abort = new AbortController();
      const response = await get("/v1.0/users", abort.signal);
      let read = 0;
      for await (const chunk of response.body ?? []) {
        read += chunk.length;
        if (read > 32 * 2 ** 20) break;
      }
      abort.abort();
      // A few buffers' worth, and not the 4 GB.
      expect(process.memoryUsage().rss - before).toBeLessThan(256 * 2 ** 20);
      set();
      expect((await get()).status).toBe(200);
    },
  );

  it("streams a report of 200 000 lines with a content type of its own", async () => {
    set({ kind: "report-shape", shape: "huge", lines: 200_000, contentType: "text/html" });
    const redirect = await get("/v1.0/reports/getMailboxUsageDetail(period='D7')");
    const response = await fetch(redirect.headers.get("location") ?? "");
    expect(response.headers.get("content-type")).toBe("text/html");
    let lines = 0;
    const text = response.body?.pipeThrough(new TextDecoderStream()) ?? [];
    for await (const chunk of text) lines += chunk.split("\n").length - 1;
    expect(lines).toBe(200_001);
  });
});

/** Bytes on the wire: a client that asks for no particular encoding and unpacks nothing. */
function rawLength(url: string, headers: Record<string, string>): Promise<number> {
  return new Promise((resolve, reject) => {
    httpGet(url, { headers }, (response) => {
      let length = 0;
      response.on("data", (chunk: Buffer) => {
        length += chunk.length;
      });
      response.on("end", () => resolve(length));
      response.on("error", reject);
    }).on("error", reject);
  });
}
