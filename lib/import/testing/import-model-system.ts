import { expect } from "vitest";
import type { Dataset } from "#lib/domain/import";
import type { ImportStore, RunHandle } from "#lib/import/ports";
import {
  type Answer,
  aim,
  framing,
  handleKey,
  handleOf,
  initialModel,
  type Model,
  type Op,
  type Pages,
  type Sight,
  sightOf,
  step,
} from "./import-model.ts";
import type { Event } from "./import-model-ops.ts";
import { assignmentRow, guid, organizationRow, page, skuRow, userId, userRow } from "./rows.ts";
import { type PageWrite, writePage } from "./write-page.ts";

/** A store under test with one connection of its own, and what the model needs beside the port. */
export interface ModelStore {
  readonly store: ImportStore;
  /** Asks for a run; null when the dataset has an active one. */
  ask(dataset: Dataset): Promise<{ readonly workspaceId: string; readonly runId: string } | null>;
  cancel(runId: string): Promise<"cancelled" | "nothing">;
  decide(runId: string, word: "publish-held" | "discard-held"): Promise<Answer>;
  recompute(): Promise<Answer>;
  /** States of these runs, and what a reader is shown at this moment, read as one. */
  look(runs: Readonly<Record<Dataset, readonly string[]>>): Promise<Sight>;
}

interface AskedRun {
  readonly workspaceId: string;
  readonly runId: string;
  readonly pages: Pages;
}

/** Lets a history happen to a store and to the model, and compares answers and sights all along. */
export async function playHistory(system: ModelStore, history: readonly Event[]): Promise<void> {
  const player = createPlayer(system);
  let model = initialModel;
  for (const { first, second } of history) {
    model =
      second === null || !mayRace(first, second)
        ? await player.alone(model, first)
        : await player.atOnce(model, first, second);
  }
}

/** Two hands of one worker, or a crash in the middle of its own work, are no race between processes. */
const mayRace = (first: Op, second: Op): boolean =>
  first.kind !== "crash" &&
  second.kind !== "crash" &&
  !("worker" in first && "worker" in second && first.worker === second.worker);

function createPlayer(system: ModelStore) {
  const runs: Record<Dataset, AskedRun[]> = { directory: [], "sign-ins": [], usage: [] };
  const handles = new Map<string, RunHandle>();
  const look = () =>
    system.look({
      directory: runs.directory.map((run) => run.runId),
      "sign-ins": runs["sign-ins"].map((run) => run.runId),
      usage: runs.usage.map((run) => run.runId),
    });
  const perform = (model: Model, op: Op, target: number): Promise<Answer> =>
    performOp({ system, runs, handles }, model, op, target);

  async function alone(before: Model, op: Op): Promise<Model> {
    let model = before;
    for (let left = op.kind === "write" ? op.count : 1; left > 0; left -= 1) {
      const target = aim(model, op);
      if (target === null) return model;
      const after = step(model, op, target);
      expect({ op, answer: await perform(model, op, target) }).toEqual({
        op,
        answer: after.answer,
      });
      expect({ op, ...(await look()) }).toEqual({ op, ...sightOf(after.model) });
      model = after.model;
    }
    return model;
  }

  /** Either order of the two must explain both answers, what is seen afterwards, and what was seen meanwhile. */
  async function atOnce(model: Model, first: Op, second: Op): Promise<Model> {
    const [one, two] = [aim(model, first), aim(model, second)];
    if (one === null || two === null) return alone(model, one === null ? second : first);
    const known = {
      directory: runs.directory.length,
      "sign-ins": runs["sign-ins"].length,
      usage: runs.usage.length,
    };
    const [a, b, meanwhile] = await Promise.all([
      perform(model, first, one),
      perform(model, second, two),
      look(),
    ]);
    const after = await look();
    const orders = [
      playOrder(model, [first, one, a], [second, two, b]),
      playOrder(model, [second, two, b], [first, one, a]),
    ];
    const fitting = orders.find(
      (order) =>
        order !== null &&
        JSON.stringify(sightOf(order.after)) === JSON.stringify(after) &&
        [model, order.between, order.after].some(
          (moment) => JSON.stringify(sightOf(moment).shown) === JSON.stringify(meanwhile.shown),
        ),
    );
    if (fitting) return fitting.after;
    throw new Error(
      `No order explains ${JSON.stringify({ first, a, second, b, known, before: sightOf(model), meanwhile, after })}`,
    );
  }

  return { alone, atOnce };
}

type Played = readonly [op: Op, target: number, answer: Answer];

/** The model after two operations in this order; null when they would have answered something else. */
function playOrder(model: Model, [op1, target1, answer1]: Played, [op2, target2, answer2]: Played) {
  const between = step(model, op1, target1);
  if (between.answer !== answer1) return null;
  const after = step(between.model, op2, target2);
  return after.answer === answer2 ? { between: between.model, after: after.model } : null;
}

interface Hands {
  readonly system: ModelStore;
  readonly runs: Record<Dataset, AskedRun[]>;
  readonly handles: Map<string, RunHandle>;
}

async function performOp(hands: Hands, model: Model, op: Op, target: number): Promise<Answer> {
  const { system, runs, handles } = hands;
  switch (op.kind) {
    case "ask": {
      const asked = await system.ask(op.dataset);
      if (asked === null) return "adopted";
      runs[op.dataset].push({ ...asked, pages: op.pages });
      return "started";
    }
    case "crash":
      return "gone";
    case "recompute":
      return system.recompute();
    case "cancel":
      return system.cancel(runs[op.dataset][target]?.runId ?? "");
    case "publish-held":
    case "discard-held":
      return system.decide(runs[op.dataset][target]?.runId ?? "", op.kind);
    case "take":
      return take(hands, op, target);
    case "write":
    case "restart":
    case "publish":
    case "hold":
    case "fail": {
      const run = handles.get(handleKey(op.worker, op.dataset));
      if (run === undefined) throw new Error("aim() gave no target");
      return asHolder(hands, model, op, run);
    }
    default:
      return op satisfies never;
  }
}

async function take(
  { system, runs, handles }: Hands,
  {
    worker,
    dataset,
  }: Extract<Op, { readonly kind: "take" | "restart" | "publish" | "hold" | "fail" }>,
  target: number,
): Promise<Answer> {
  const asked = runs[dataset][target];
  const handle = asked && (await system.store.begin(asked));
  if (!handle) return "over";
  const checkpoints = await system.store.checkpoints(handle);
  handles.set(handleKey(worker, dataset), handle);
  return `epoch ${handle.epoch} at step ${checkpoints.reduce((sum, read) => sum + read.pageNo, 0)}`;
}

type Holders = Extract<
  Op,
  { readonly kind: "write" | "restart" | "publish" | "hold" | "fail" | "take" }
>;

async function asHolder(
  { system: { store }, runs }: Hands,
  model: Model,
  op: Holders,
  run: RunHandle,
): Promise<Answer> {
  const at = handleOf(model, op.worker, op.dataset);
  if (at === undefined) throw new Error("aim() gave no target");
  switch (op.kind) {
    case "write": {
      const pages = runs[op.dataset][at.run]?.pages ?? [];
      return writePage(store, run, {
        ...pageAt(op.dataset, pages, at.next, at.attempt),
        retries: 0,
      });
    }
    case "restart":
      return store.restartRead(run, accountsRead[op.dataset]);
    case "publish": {
      const facts = await store.facts(run);
      if (facts === "superseded") return facts;
      for (const read of facts.reads) {
        expect(read.storedRows + read.duplicates).toBe(read.manifestRows);
      }
      return store.publish(run);
    }
    case "hold": {
      const after = { rows: 0, skus: 0, skuIds: [], consumed: 0, reported: 0 };
      const facts = await store.facts(run);
      return facts === "superseded"
        ? facts
        : store.hold(run, { reasons: ["rows-fell"], before: null, after });
    }
    case "fail":
      return store.fail(run, { class: "upstream", code: "unreadable-response" });
    case "take":
      throw new Error("take() is no holder's");
    default:
      return op satisfies never;
  }
}

const accountsRead = {
  directory: "users",
  "sign-ins": "sign-ins",
  usage: "report:active-users",
} as const;

const skus = [skuRow(1), skuRow(2)];
const today = new Date().toISOString().slice(0, 10);

/** The page a worker writes at a step of a dataset. */
function pageAt(
  dataset: Dataset,
  pages: Pages,
  at: number,
  attempt: number,
): Omit<PageWrite, "retries"> {
  const index = at - framing[dataset].before;
  const rows = pages[index];
  if (rows !== undefined) return accountsPage(dataset, pages, index, attempt);
  if (dataset === "usage") {
    return { read: "report-settings", attempt: 1, pageNo: 1, page: page([{ concealed: false }]) };
  }
  const around: readonly Omit<PageWrite, "retries">[] = [
    { read: "organization", attempt: 1, pageNo: 1, page: page([organizationRow(guid(9, 1))]) },
    { read: "subscribed-skus-first", attempt: 1, pageNo: 1, page: page(skus) },
    { read: "subscribed-skus-second", attempt: 1, pageNo: 1, page: page(skus) },
    { read: "company-subscriptions", attempt: 1, pageNo: 1, page: page([]) },
    { read: "groups", attempt: 1, pageNo: 1, page: page([]) },
    { read: "deleted-users", attempt: 1, pageNo: 1, page: page([]) },
  ];
  const written = around[index < 0 ? at : at - pages.length];
  if (written === undefined) throw new Error("aim() gave a step too many");
  return written;
}

function accountsPage(
  dataset: Dataset,
  pages: Pages,
  index: number,
  attempt: number,
): Omit<PageWrite, "retries"> {
  const rows = pages[index] ?? [];
  const place = { attempt, pageNo: index + 1 };
  const next = index + 1 < pages.length ? `page-${index + 2}` : null;
  const read = accountsRead[dataset];
  switch (read) {
    case "users": {
      const users = rows.map(({ account, sku }) =>
        userRow(account, { assignments: [assignmentRow(sku)] }),
      );
      return { ...place, read, page: page(users, next) };
    }
    case "sign-ins": {
      const signIns = rows.map(({ account }) => ({
        userId: userId(account),
        lastSuccessfulAt: "2026-01-01T00:00:00Z",
        lastInteractiveAt: null,
        lastNonInteractiveAt: null,
      }));
      return { ...place, read, page: page(signIns, next) };
    }
    case "report:active-users": {
      const used = rows.map(({ account }) => ({
        userPrincipalName: `user${account}@contoso.example`,
        lastActivityOn: "2026-01-01",
        storageBytes: null,
        hasArchive: null,
      }));
      const report = { refreshedOn: today, concealed: false };
      return { ...place, read, page: page(used, next, { report }) };
    }
    default:
      return read satisfies never;
  }
}
