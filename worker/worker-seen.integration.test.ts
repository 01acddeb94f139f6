import { MantineProvider } from "@mantine/core";
import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { afterAll, beforeAll, expect, it } from "vitest";
import { WorkerNotice } from "#components/worker-notice";
import { getImport } from "#lib/services/get-import";
import { createMember, createTestWeb, type TestWeb } from "#lib/services/testing/web";
import { createImport } from "./testing/installation.ts";
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

  await bench.start();
  await bench.published(made, 1);
  const fresh = await seen();
  expect(fresh).toBeLessThan(30);
  expect(notice(fresh)).not.toContain("No worker");
}, 120_000);
