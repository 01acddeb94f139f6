import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { expect, it } from "vitest";
import { createFetch, defaultLimits, openResponse, readText } from "#lib/http/transport";
import { oneAhead } from "./one-ahead.ts";

/** Answers every request after 20 ms and tells when each came, in ms since the epoch: in a thread of its own. */
const server = `
  const { createServer } = require("node:http");
  const { parentPort } = require("node:worker_threads");
  const listening = createServer((request, response) => {
    parentPort.postMessage({ arrivedAt: performance.timeOrigin + performance.now() });
    setTimeout(() => response.end("{}".padEnd(500000)), 20);
  }).listen(0, "127.0.0.1", () => parentPort.postMessage({ port: listening.address().port }));`;

const now = () => performance.timeOrigin + performance.now();

/** What a page costs to prepare: nothing else of this process runs meanwhile. */
function keepBusy(ms: number): number {
  const until = now() + ms;
  while (now() < until);
  return until;
}

it("the next request has left before work on the answer before it begins", async () => {
  const thread = new Worker(server, { eval: true });
  const [{ port }] = await once(thread, "message");
  const arrivals: number[] = [];
  thread.on("message", ({ arrivedAt }: { arrivedAt: number }) => arrivals.push(arrivedAt));
  const fetch = createFetch();
  async function* answers() {
    for (let no = 0; no < 6; no += 1) {
      const init = { method: "GET", headers: {}, signal: AbortSignal.timeout(30_000) } as const;
      const answer = await openResponse(fetch, `http://127.0.0.1:${port}/`, init, defaultLimits);
      yield await readText(answer, 2 ** 20);
    }
  }
  const idleAgainAt: number[] = [];
  for await (const _ of oneAhead(answers(), () => undefined)) idleAgainAt.push(keepBusy(300));
  await thread.terminate();
  expect(arrivals).toHaveLength(6);
  expect(idleAgainAt).toHaveLength(6);
  for (const [no, arrivedAt] of arrivals.slice(1).entries()) {
    expect(arrivedAt, `request ${no + 2}`).toBeLessThan((idleAgainAt[no] ?? 0) - 150);
  }
});
