import { afterAll, beforeAll, expect, it } from "vitest";
import { createImport } from "./testing/installation.ts";
import { createWorkerBench, expectTruth, type WorkerBench } from "./testing/worker-bench.ts";

let bench: WorkerBench;

beforeAll(async () => {
  bench = await createWorkerBench();
}, 60_000);
afterAll(() => bench?.close());

/** Lets the database end a verification's transaction as a shutdown does, the first `times` times. */
const interrupt = (times: number) =>
  bench.installation.db.ownerSql.unsafe(`
  create sequence public.test_ends;
  create function public.test_shutdown() returns trigger
    language plpgsql security definer set search_path = public as $$
  begin
    if new.state in ('succeeded', 'failed') and nextval('public.test_ends') <= ${times} then
      raise exception using errcode = '57P01', message = 'terminating connection';
    end if;
    return new;
  end $$;
  create trigger test_shutdown before update on verifications
    for each row execute function public.test_shutdown()`);

it("a verification that the database interrupts is tried again, never failed; its import follows within a minute (A4)", async () => {
  const { installation } = bench;
  const made = await bench.connect("interrupted verification", 300);
  await interrupt(2);
  const worker = await bench.start();
  const startedAt = Date.now();
  await createImport(installation, made, { datasets: ["directory"] });
  await bench.published(made, 1);
  expect(Date.now() - startedAt).toBeLessThan(60_000);
  await expectTruth(installation, made);
  expect(worker.output()).toContain('"event":"verification-interrupted"');
  const verifications = await installation.db.ownerSql`
    select state, failure from verifications where connection_id = ${made.connectionId}`;
  expect([...verifications]).toEqual([{ state: "succeeded", failure: null }]);
}, 120_000);
