import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { getConnection } from "#lib/services/get-connection";
import {
  createFaultBench,
  type FaultBench,
  type Plot,
  type Story,
  type Subject,
} from "./testing/fault-bench.ts";
import { datasetOf, expectIntact, streamOf } from "./testing/stories.ts";

const all = ["directory", "sign-ins", "usage"] as const;

const plots = {
  declined: {
    datasets: all,
    permissions: ["Organization.Read.All", "User.Read.All", "AuditLog.Read.All"],
  },
  lostOptional: {
    datasets: all,
    meanwhile: (subject) => withdraw(subject, "Reports.Read.All", "GroupMember.Read.All"),
  },
  lostMandatory: { meanwhile: (subject) => withdraw(subject, "Organization.Read.All") },
  neverMandatory: { clean: false, faults: [{ kind: "forbidden", endpoint: "subscribedSkus" }] },
} as const satisfies Record<string, Plot>;

let bench: FaultBench;
let stories: Record<keyof typeof plots, Story>;

beforeAll(async () => {
  bench = await createFaultBench("permissions");
  stories = await bench.play(plots);
}, 300_000);
afterAll(() => bench?.close());

function withdraw({ tenant, clientId }: Subject, ...permissions: readonly string[]): void {
  const principal = tenant.servicePrincipals.get(clientId);
  for (const permission of permissions) principal?.permissions.delete(permission);
  // A token keeps the roles it was given with.
  tenant.revokedUpTo.serial = bench.simulator.store.nextTokenSerial();
}

describe("B17 permissions", () => {
  it("(a) declined at Verify: those streams are not to be had, and the import has succeeded", () => {
    const { import: shown } = stories.declined;
    expect(shown.state).toBe("succeeded");
    expect(datasetOf(shown, "directory").state).toBe("succeeded");
    for (const [name, permission] of [
      ["groups", "GroupMember.Read.All"],
      ["usage", "Reports.Read.All"],
    ] as const) {
      expect(streamOf(shown, name)).toMatchObject({
        state: "unavailable",
        reason: "permission",
        error: { class: "permission", permission, what: expect.stringContaining(permission) },
      });
    }
  });

  it("(a) lost later: only those streams end, each naming its permission; the import is partial", () => {
    const { import: shown, before, after } = stories.lostOptional;
    expect(shown.state).toBe("partial");
    expect(datasetOf(shown, "directory").state).toBe("succeeded");
    expect(datasetOf(shown, "sign-ins").state).toBe("succeeded");
    expect(streamOf(shown, "groups").error?.what).toContain("GroupMember.Read.All");
    expect(datasetOf(shown, "usage")).toMatchObject({
      state: "failed",
      error: { class: "permission", permission: "Reports.Read.All" },
    });
    expect(after.map((license) => license.consumed)).toEqual(
      before.map((license) => license.consumed),
    );
  });

  it("(b) a mandatory one lost: nothing is published, the old numbers stay", async () => {
    const error = {
      code: "permission-missing",
      what: expect.stringMatching(/permission Organization\.Read\.All is missing/),
    };
    const { import: shown, subject } = stories.lostMandatory;
    expect(shown.state).toBe("failed");
    expect(datasetOf(shown, "directory")).toMatchObject({ state: "failed", error });
    expectIntact(stories.lostMandatory);
    const { ctx, connectionId } = subject;
    const connection = await getConnection(ctx, { connectionId });
    expect(connection).toMatchObject({ status: "action-needed", problem: error });
  });

  it("(b) a mandatory one never had: no license is listed, none with zero", async () => {
    const { import: shown, after } = stories.neverMandatory;
    expect(shown.state).toBe("failed");
    expect(streamOf(shown, "subscriptions")).toMatchObject({
      state: "unavailable",
      error: { permission: "Organization.Read.All", hidden: expect.stringMatching(/\w/) },
    });
    expect(after).toEqual([]);
  });
});
