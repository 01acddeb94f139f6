import type { Dataset } from "#lib/domain/import";

/**
 * What an import store must do, without any store: three datasets of one connection, each with its runs, an epoch and a
 * published content, and three workers that may crash, come back late or lose an answer. Source: fault-catalogue §8.
 */

export const workers = [0, 1, 2] as const;
export type Worker = (typeof workers)[number];

/** Accounts with the SKU they hold, page by page; an account may come twice, its last page wins. */
export type Pages = readonly (readonly { readonly account: number; readonly sku: number }[])[];

/** What anybody may do next. */
export type Op =
  | { readonly kind: "ask"; readonly dataset: Dataset; readonly pages: Pages }
  | {
      readonly kind: "write";
      readonly worker: Worker;
      readonly dataset: Dataset;
      /** The page is committed and the answer never comes. */
      readonly lost: boolean;
      /** Pages one after the other, when nothing happens at the same moment. */
      readonly count: number;
    }
  | {
      readonly kind: "take" | "restart" | "publish" | "hold" | "fail";
      readonly worker: Worker;
      readonly dataset: Dataset;
    }
  | { readonly kind: "crash"; readonly worker: Worker }
  | { readonly kind: "cancel"; readonly dataset: Dataset }
  | { readonly kind: "publish-held" | "discard-held"; readonly dataset: Dataset }
  | { readonly kind: "recompute" };

export type RunState =
  | "queued"
  | "running"
  | "succeeded"
  | "suspect"
  | "failed"
  | "cancelled"
  | "superseded";

interface ModelRun {
  readonly pages: Pages;
  readonly state: RunState;
  /** Steps committed: pages of the accounts and, around them, the other reads of the dataset. */
  readonly done: number;
  readonly attempt: number;
}

/** What a worker believes to hold. */
interface Handle {
  readonly run: number;
  readonly epoch: number;
  readonly next: number;
  readonly attempt: number;
}

interface ModelDataset {
  readonly epoch: number;
  readonly runs: readonly ModelRun[];
  readonly published: string | null;
}

export interface Model {
  readonly datasets: Readonly<Record<Dataset, ModelDataset>>;
  readonly handles: Readonly<Record<string, Handle>>;
}

/** What everybody can see from outside: states of all runs, and what a reader is shown (null: no directory yet). */
export interface Sight {
  readonly runs: Readonly<Record<Dataset, readonly RunState[]>>;
  readonly shown: Readonly<Record<Dataset, string | null>> | null;
}

/** What an operation answers; a store must answer the same. */
export type Answer = string;

const empty: ModelDataset = { epoch: 0, runs: [], published: null };

export const initialModel: Model = {
  datasets: { directory: empty, "sign-ins": empty, usage: empty },
  handles: {},
};

/** Steps before and after the pages of accounts: single pages of the dataset's other reads. */
export const framing: Readonly<
  Record<Dataset, { readonly before: number; readonly after: number }>
> = {
  directory: { before: 2, after: 4 },
  "sign-ins": { before: 0, after: 0 },
  usage: { before: 1, after: 0 },
};

export const handleKey = (worker: Worker, dataset: Dataset): string => `${worker}/${dataset}`;

const stepsOf = (dataset: Dataset, { pages }: ModelRun): number =>
  framing[dataset].before + pages.length + framing[dataset].after;

/** The content of a complete read, in one spelling. */
export const contentOf = (dataset: Dataset, pages: Pages): string => {
  const last = new Map(pages.flat().map(({ account, sku }) => [account, sku]));
  const rows = [...last].toSorted(([a], [b]) => a - b);
  return rows
    .map(([account, sku]) => (dataset === "directory" ? `${account}:${sku}` : `${account}`))
    .join(" ");
};

const isActive = ({ state }: ModelRun): boolean => state === "queued" || state === "running";

export const sightOf = ({ datasets: all }: Model): Sight => {
  const each = <T>(of: (dataset: ModelDataset) => T): Record<Dataset, T> => ({
    directory: of(all.directory),
    "sign-ins": of(all["sign-ins"]),
    usage: of(all.usage),
  });
  return {
    runs: each(({ runs }) => runs.map((run) => run.state)),
    shown: all.directory.published === null ? null : each(({ published }) => published),
  };
};

/** Runs of a dataset that wait for a decision. */
export const heldRun = (model: Model, dataset: Dataset): number =>
  model.datasets[dataset].runs.findIndex((run) => run.state === "suspect");

/** What an operation is about is decided when it begins, as a person or a worker sees it then; null: about nothing. */
export function aim(model: Model, op: Op): number | null {
  switch (op.kind) {
    case "ask":
    case "crash":
    case "recompute":
      return 0;
    case "take": {
      const { length } = model.datasets[op.dataset].runs;
      return length === 0 ? null : length - 1;
    }
    case "cancel":
      return notFound(model.datasets[op.dataset].runs.findIndex(isActive));
    case "publish-held":
    case "discard-held":
      return notFound(heldRun(model, op.dataset));
    case "write":
    case "restart":
    case "publish":
    case "hold":
    case "fail":
      return aimOfHandle(model, op);
    default:
      return op satisfies never;
  }
}

const notFound = (index: number): number | null => (index < 0 ? null : index);

function aimOfHandle(
  model: Model,
  op: Extract<Op, { readonly kind: "write" | "restart" | "publish" | "hold" | "fail" | "take" }>,
): number | null {
  const handle = model.handles[handleKey(op.worker, op.dataset)];
  const run = handle && model.datasets[op.dataset].runs[handle.run];
  if (handle === undefined || run === undefined) return null;
  const steps = stepsOf(op.dataset, run);
  const { before } = framing[op.dataset];
  const inPages = handle.next >= before && handle.next < before + run.pages.length;
  const fits = {
    write: handle.next < steps,
    restart: inPages,
    publish: handle.next === steps,
    hold: handle.next === steps,
    fail: true,
    take: true,
  }[op.kind];
  return fits ? handle.run : null;
}

/** The model after an operation, and its answer. `target` as `aim` gave it before. */
export function step(
  model: Model,
  op: Op,
  target: number,
): { readonly model: Model; readonly answer: Answer } {
  switch (op.kind) {
    case "ask":
      return ask(model, op.dataset, op.pages);
    case "take":
      return take(model, op.worker, op.dataset, target);
    case "crash": {
      const handles = Object.entries(model.handles).filter(
        ([key]) => !key.startsWith(`${op.worker}/`),
      );
      return { model: { ...model, handles: Object.fromEntries(handles) }, answer: "gone" };
    }
    case "recompute":
      return {
        model,
        answer: model.datasets.directory.published === null ? "nothing" : "recomputed",
      };
    case "cancel":
      return cancel(model, op.dataset, target);
    case "publish-held":
    case "discard-held":
      return decide(model, op, target);
    case "write":
    case "restart":
    case "publish":
    case "hold":
    case "fail":
      return asHolder(model, op);
    default:
      return op satisfies never;
  }
}

/** One active run per dataset; whoever asks meanwhile is given that one. */
function ask(model: Model, dataset: Dataset, pages: Pages) {
  const { runs } = model.datasets[dataset];
  if (runs.some(isActive)) return { model, answer: "adopted" };
  const run: ModelRun = { pages, state: "queued", done: 0, attempt: 1 };
  return { model: change(model, dataset, { runs: [...runs, run] }), answer: "started" };
}

/** A run that is over gives no epoch; one that goes on gives the next, and the place it stands at. */
function take(model: Model, worker: Worker, dataset: Dataset, target: number) {
  const { runs, epoch } = model.datasets[dataset];
  const run = runs[target];
  if (run === undefined || !isActive(run)) return { model, answer: "over" };
  const taken = change(model, dataset, {
    epoch: epoch + 1,
    runs: withRun(runs, target, { state: "running" }),
  });
  const handle = { run: target, epoch: epoch + 1, next: run.done, attempt: run.attempt };
  return {
    model: hand(taken, worker, dataset, handle),
    answer: `epoch ${epoch + 1} at step ${run.done}`,
  };
}

function cancel(model: Model, dataset: Dataset, target: number) {
  const { runs, epoch } = model.datasets[dataset];
  const run = runs[target];
  if (run === undefined || !isActive(run)) return { model, answer: "nothing" };
  return {
    model: change(model, dataset, {
      epoch: epoch + 1,
      runs: withRun(runs, target, { state: "cancelled" }),
    }),
    answer: "cancelled",
  };
}

function decide(
  model: Model,
  op: { kind: "publish-held" | "discard-held"; dataset: Dataset },
  target: number,
) {
  const { runs } = model.datasets[op.dataset];
  if (runs[target]?.state !== "suspect") return { model, answer: "gone" };
  if (op.kind === "publish-held") return publish(model, op.dataset, target);
  return {
    model: change(model, op.dataset, { runs: withRun(runs, target, { state: "cancelled" }) }),
    answer: "discarded",
  };
}

/** Everything a worker does with a run it believes to hold: without the latest epoch it changes nothing. */
function asHolder(
  model: Model,
  op: Extract<Op, { readonly kind: "write" | "restart" | "publish" | "hold" | "fail" | "take" }>,
): { readonly model: Model; readonly answer: Answer } {
  const { dataset, worker } = op;
  const { runs, epoch } = model.datasets[dataset];
  const handle = model.handles[handleKey(worker, dataset)];
  const run = handle && runs[handle.run];
  if (handle === undefined || run === undefined) throw new Error("aim() gave no target");
  if (handle.epoch !== epoch || run.state !== "running") return { model, answer: "superseded" };
  const { before } = framing[dataset];
  switch (op.kind) {
    case "write": {
      const done = Math.max(run.done, handle.next + 1);
      const written = change(model, dataset, { runs: withRun(runs, handle.run, { done }) });
      const next = op.lost ? handle.next : handle.next + 1;
      return { model: hand(written, worker, dataset, { ...handle, next }), answer: "applied" };
    }
    case "restart": {
      const attempt = run.attempt + 1;
      const restarted = change(model, dataset, {
        runs: withRun(runs, handle.run, { done: before, attempt }),
      });
      return {
        model: hand(restarted, worker, dataset, { ...handle, next: before, attempt }),
        answer: "applied",
      };
    }
    case "publish":
      return publish(model, dataset, handle.run);
    case "hold": {
      const released = releaseHeld(runs, handle.run);
      return {
        model: change(model, dataset, {
          runs: withRun(released, handle.run, { state: "suspect" }),
        }),
        answer: "applied",
      };
    }
    case "fail":
      return {
        model: change(model, dataset, { runs: withRun(runs, handle.run, { state: "failed" }) }),
        answer: "applied",
      };
    case "take":
      throw new Error("take() is no holder's");
    default:
      return op satisfies never;
  }
}

/** A held run gives way to a newer one; the same content is published once. */
function publish(model: Model, dataset: Dataset, target: number) {
  const { runs, published } = model.datasets[dataset];
  const content = contentOf(dataset, runs[target]?.pages ?? []);
  const over = withRun(releaseHeld(runs, target), target, { state: "succeeded" });
  return {
    model: change(model, dataset, { runs: over, published: content }),
    answer: content === published ? "unchanged" : "published",
  };
}

const releaseHeld = (runs: readonly ModelRun[], but: number): readonly ModelRun[] =>
  runs.map((run, index) =>
    run.state === "suspect" && index !== but ? { ...run, state: "superseded" } : run,
  );

const withRun = (
  runs: readonly ModelRun[],
  at: number,
  with_: Partial<ModelRun>,
): readonly ModelRun[] => runs.map((run, index) => (index === at ? { ...run, ...with_ } : run));

const change = (model: Model, dataset: Dataset, with_: Partial<ModelDataset>): Model => ({
  ...model,
  datasets: { ...model.datasets, [dataset]: { ...model.datasets[dataset], ...with_ } },
});

const hand = (model: Model, worker: Worker, dataset: Dataset, handle: Handle): Model => ({
  ...model,
  handles: { ...model.handles, [handleKey(worker, dataset)]: handle },
});

/** Where a worker stands, for whoever drives a real store along. */
export const handleOf = (model: Model, worker: Worker, dataset: Dataset): Handle | undefined =>
  model.handles[handleKey(worker, dataset)];
