import fc from "fast-check";
import { datasets } from "#lib/domain/import";
import { type Op, type Pages, type Worker, workers } from "./import-model.ts";

/** Something happens alone, or two things at the very same moment. */
export type Event = { readonly first: Op; readonly second: Op | null };

const dataset = fc.constantFrom(...datasets, "directory" as const, "directory" as const);
const worker: fc.Arbitrary<Worker> = fc.constantFrom(0, 0, 0, ...workers);
/** Few accounts and SKUs, so that contents meet again and accounts come twice. */
const pages: fc.Arbitrary<Pages> = fc.array(
  fc.array(
    fc.record({ account: fc.integer({ min: 1, max: 5 }), sku: fc.integer({ min: 1, max: 2 }) }),
    {
      maxLength: 3,
    },
  ),
  { minLength: 1, maxLength: 3 },
);

const byWorker = <K extends "take" | "restart" | "publish" | "hold" | "fail">(kind: K) =>
  fc.record({ kind: fc.constant(kind), worker, dataset });
const byPerson = <K extends "cancel" | "publish-held" | "discard-held">(kind: K) =>
  fc.record({ kind: fc.constant(kind), dataset });

/** Weights such that most runs get somewhere, and enough of them are disturbed on the way. */
const op: fc.Arbitrary<Op> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant("ask" as const), dataset, pages }) },
  { weight: 7, arbitrary: byWorker("take") },
  {
    weight: 14,
    arbitrary: fc.record({
      kind: fc.constant("write" as const),
      worker,
      dataset,
      lost: fc.integer({ min: 0, max: 5 }).map((side) => side === 0),
      count: fc.constantFrom(1, 2, 9),
    }),
  },
  { weight: 7, arbitrary: byWorker("publish") },
  { weight: 3, arbitrary: byWorker("hold") },
  { weight: 1, arbitrary: byWorker("restart") },
  { weight: 1, arbitrary: byWorker("fail") },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("crash" as const), worker }) },
  { weight: 1, arbitrary: byPerson("cancel") },
  { weight: 2, arbitrary: byPerson("publish-held") },
  { weight: 1, arbitrary: byPerson("discard-held") },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("recompute" as const) }) },
);

/** A history: what happens one after the other, and now and then at once. */
export const histories = (maxLength: number): fc.Arbitrary<readonly Event[]> =>
  fc.array(fc.record({ first: op, second: fc.option(op, { nil: null, freq: 3 }) }), {
    minLength: Math.floor(maxLength / 2),
    maxLength,
  });
