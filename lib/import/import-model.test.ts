import fc from "fast-check";
import { it } from "vitest";
import type { Dataset } from "#lib/domain/import";
import type { ImportStore } from "./ports.ts";
import type { RunState, Sight } from "./testing/import-model.ts";
import { histories } from "./testing/import-model-ops.ts";
import { type ModelStore, playHistory } from "./testing/import-model-system.ts";
import { createMemoryStore, type MemoryStore } from "./testing/memory-store.ts";
import { userId } from "./testing/rows.ts";

const connectionId = "connection";
const active: readonly RunState[] = ["queued", "running"];

/** The memory store as the model's: nobody decides on held runs there, and it has no reconciliations. */
function memorySystem(): ModelStore {
  const store: MemoryStore = createMemoryStore();
  const asked: { readonly runId: string; readonly dataset: Dataset }[] = [];
  const shown = (dataset: Dataset): string | null => {
    const runId = store.publishedRun(connectionId, dataset);
    return runId === null ? null : contentOf(store, runId, dataset);
  };
  return {
    store: store satisfies ImportStore,
    async ask(dataset) {
      const taken = asked.some(
        (run) => run.dataset === dataset && active.includes(store.run(run.runId).state),
      );
      if (taken) return null;
      const { runId } = store.addRun(connectionId, dataset);
      asked.push({ runId, dataset });
      return { workspaceId: "workspace", runId };
    },
    async cancel(runId) {
      if (!active.includes(store.run(runId).state)) return "nothing";
      store.cancel(runId);
      return "cancelled";
    },
    decide: () => Promise.reject(new Error("left out of these histories")),
    recompute: async () => (shown("directory") === null ? "nothing" : "recomputed"),
    look: async (runs): Promise<Sight> => {
      const states = (dataset: Dataset) => runs[dataset].map((runId) => store.run(runId).state);
      return {
        runs: {
          directory: states("directory"),
          "sign-ins": states("sign-ins"),
          usage: states("usage"),
        },
        shown:
          shown("directory") === null
            ? null
            : {
                directory: shown("directory"),
                "sign-ins": shown("sign-ins"),
                usage: shown("usage"),
              },
      };
    },
  };
}

function contentOf(store: MemoryStore, runId: string, dataset: Dataset): string {
  const read = {
    directory: "users",
    "sign-ins": "sign-ins",
    usage: "report:active-users",
  } as const;
  const told = store.rowsOf(runId, read[dataset]).map((row) => tell(row));
  return told.toSorted((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10)).join(" ");
}

const accounts = new Map([1, 2, 3, 4, 5].map((account) => [userId(account), account]));

function tell(row: unknown): string {
  if (typeof row !== "object" || row === null) return "";
  if ("assignments" in row && "userId" in row) {
    const [held] = row.assignments as readonly { readonly skuId: string }[];
    return `${accounts.get(String(row.userId))}:${Number(held?.skuId.slice(-1))}`;
  }
  if ("userId" in row) return `${accounts.get(String(row.userId))}`;
  return "userPrincipalName" in row ? String(row.userPrincipalName).replace(/\D+/g, "") : "";
}

const undecided = histories(120).map((history) =>
  history.filter(({ first, second }) =>
    [first, second].every((op) => op?.kind !== "publish-held" && op?.kind !== "discard-held"),
  ),
);

it("the memory store answers as the model does, whatever workers do one after the other or at once", () =>
  fc.assert(
    fc.asyncProperty(undecided, (history) => playHistory(memorySystem(), history)),
    {
      numRuns: 300,
    },
  ));
