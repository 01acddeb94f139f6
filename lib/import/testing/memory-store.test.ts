import { describeImportStore } from "../../../db/testing/import-store-contract.ts";
import type { UserRow } from "../ports.ts";
import { createMemoryStore } from "./memory-store.ts";

const store = createMemoryStore();
let connections = 0;

describeImportStore("memory store", () => ({
  store,
  newRun: async (dataset, connectionId) => {
    connections += 1;
    const run = store.addRun(connectionId ?? `connection-${connections}`, dataset);
    return { workspaceId: "workspace", runId: run.runId };
  },
  cancel: async (run) => store.cancel(run.runId),
  stateOf: async (run) => store.run(run.runId).state,
  accountsOf: async (run) =>
    store
      .rowsOf(run.runId, "users")
      .map((row) => row as UserRow)
      .map((user) => ({
        userId: user.userId,
        skuIds: user.assignments.filter((row) => row.holds).map((row) => row.skuId),
      }))
      .sort((a, b) => a.userId.localeCompare(b.userId)),
}));
