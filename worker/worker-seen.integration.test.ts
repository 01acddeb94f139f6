import { MantineProvider } from "@mantine/core";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WorkerNotice } from "#components/worker-notice";
import { getImport } from "#lib/services/get-import";
import { getVerification } from "#lib/services/get-verification";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { createImport, saveSecret } from "./testing/installation.ts";
import { waitFor } from "./testing/wait-for.ts";
import { createWorkerBench, type WorkerBench } from "./testing/worker-bench.ts";

let bench: WorkerBench;
let web: TestWeb;

beforeAll(async () => {
  bench = await createWorkerBench();
  web = await createTestWeb(bench.installation.db);
}, 60_000);
afterAll(async () => {
  await web?.close();
  await bench?.close();
});

/** What the page says of workers beside an import under way. */
const notice = (seenSecondsAgo: number | null): string =>
  renderToStaticMarkup(
    createElement(MantineProvider, null, createElement(WorkerNotice, { seenSecondsAgo })),
  );

it("an import asked for without a worker says so after 60 s, and runs when one appears (A30)", async () => {
  const { installation } = bench;
  const { ownerSql } = installation.db;
  const made = await bench.connect("nobody at work", 120);
  const viewer = await createMember(installation.db, web.platform, made.workspaceId, "viewer");
  await createImport(installation, made, { datasets: ["directory"] });
  const [{ id } = { id: "" }] = await ownerSql<{ id: string }[]>`
    select id from imports where connection_id = ${made.connectionId}`;
  const seen = async () => (await getImport(viewer, { importId: id })).workerSeenSecondsAgo;

  expect(await seen()).toBeNull();
  expect(notice(null)).toContain("No worker");
  await ownerSql`
    insert into workers (id, seen_at) values (gen_random_uuid(), now() - interval '61 seconds')`;
  const missed = await seen();
  expect(missed).toBeGreaterThan(60);
  expect(notice(missed)).toContain("No worker");
  expect((await getImport(viewer, { importId: id })).state).toBe("queued");

  const worker = await bench.start();
  await bench.published(made, 1);
  const fresh = await seen();
  expect(fresh).toBeLessThan(30);
  expect(notice(fresh)).not.toContain("No worker");
  await worker.end("SIGTERM");
}, 120_000);

it("so does a verification, which goes on when a worker appears (A30)", async () => {
  const { installation } = bench;
  const made = await bench.connect("nobody to verify", 30);
  const viewer = await createMember(installation.db, web.platform, made.workspaceId, "viewer");
  const secret = "canary8Q~secret-of-the-worker-bench";
  const asked = await saveSecret(installation, made, { secret, version: 2, verify: true });
  const look = () => getVerification(viewer, { verificationId: asked.verificationId ?? "" });
  await installation.db.ownerSql`update workers set seen_at = now() - interval '61 seconds'`;
  const { state, workerSeenSecondsAgo } = await look();
  expect(state).toBe("queued");
  expect(workerSeenSecondsAgo).toBeGreaterThan(60);
  expect(notice(workerSeenSecondsAgo)).toContain("No worker");

  await bench.start();
  await waitFor("verified", async () => (await look()).state === "succeeded");
  expect(notice((await look()).workerSeenSecondsAgo)).not.toContain("No worker");
}, 120_000);
