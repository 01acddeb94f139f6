import { describe, expect, test } from "vitest";
import type { ConnectionItem } from "#lib/domain/connection-item";
import { primaryAction } from "./primary-action.ts";

const ready: ConnectionItem = {
  id: "c1",
  name: "Contoso",
  source: "microsoft-365",
  method: "multi-tenant-app",
  cloud: "global",
  tenantId: "t1",
  tenantName: "Contoso",
  tenantDomain: null,
  clientId: null,
  status: "ready",
  problem: null,
  asOf: { directory: null, signIns: null, usage: null },
  licenses: 0,
  atRisk: 0,
  idleUnits: 0,
  leftOut: null,
  credential: null,
  lastImport: null,
  newPermissions: [],
  heldImportId: null,
  schedule: null,
  createdAt: "2026-11-19T12:00:00Z",
  createdBy: "Martina Keller",
  enterprise: null,
  disconnected: null,
};
const running = {
  id: "i1",
  state: "running",
  createdAt: "2026-11-19T12:00:00Z",
  finishedAt: null,
  limits: [],
} as const;

describe("primaryAction", () => {
  test("imports where that is possible and allowed, else views", () => {
    expect(primaryAction(ready, true)).toEqual({ kind: "import" });
    expect(primaryAction(ready, false)).toMatchObject({ label: "View", href: "/connections/c1" });
    expect(primaryAction({ ...ready, status: "paused" }, true)).toMatchObject({ label: "View" });
  });

  test("goes on with what was begun", () => {
    expect(primaryAction({ ...ready, status: "awaiting-consent" }, true)).toMatchObject({
      href: "/connections/new?connection=c1",
    });
  });

  test("puts a held import before a repair, and a running one before another", () => {
    expect(
      primaryAction({ ...ready, status: "action-needed", heldImportId: "i2" }, true),
    ).toMatchObject({ href: "/imports/i2", urgent: true });
    expect(primaryAction({ ...ready, lastImport: running }, true)).toMatchObject({
      href: "/imports/i1",
    });
    expect(primaryAction({ ...ready, status: "action-needed" }, true)).toMatchObject({
      label: "Repair",
    });
  });
});
