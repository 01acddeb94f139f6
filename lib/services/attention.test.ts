import { describe, expect, it } from "vitest";
import type { ConnectionItem, ScheduleItem } from "#lib/domain/connection-item";
import type { OverdueReason } from "#lib/domain/overdue";
import { attentionOf } from "./attention.ts";

const now = new Date("2026-11-23T12:00:00Z");
const hoursAgo = (hours: number): string =>
  new Date(now.getTime() - hours * 3_600_000).toISOString();

const daily: ScheduleItem = {
  cadence: "daily",
  weekday: null,
  time: "02:14",
  timeZone: "UTC",
  paused: false,
  nextRunAt: "2026-11-24T02:14:00.000Z",
  lastRun: null,
  overdue: null,
  changedAt: hoursAgo(2000),
  changedBy: "Seatledger",
};
const weekly: ScheduleItem = { ...daily, cadence: "weekly", weekday: "monday" };
const overdue = (reason: OverdueReason): ScheduleItem => ({
  ...daily,
  overdue: { reason, dueAt: hoursAgo(10), what: "Why it is.", action: "What to do." },
});

const connection: ConnectionItem = {
  id: "0a3b1c9e-7d5f-4a6b-8c2d-1e9f0a7b6c5d",
  name: "Contoso",
  source: "microsoft-365",
  method: "multi-tenant-app",
  cloud: "global",
  tenantId: "5b1c9e0a-7d5f-4a6b-8c2d-1e9f0a7b6c5d",
  tenantName: "Contoso",
  tenantDomain: "contoso.example",
  clientId: null,
  status: "ready",
  problem: null,
  newPermissions: [],
  asOf: { directory: hoursAgo(10), signIns: null, usage: null },
  licenses: 3,
  atRisk: 0,
  idleUnits: 0,
  leftOut: null,
  credential: null,
  lastImport: null,
  heldImportId: null,
  schedule: daily,
  createdAt: hoursAgo(2000),
  createdBy: "Ada",
  enterprise: null,
  disconnected: null,
};
const told = (given: Partial<ConnectionItem>) => attentionOf([{ ...connection, ...given }], now);
const kinds = (given: Partial<ConnectionItem>) => told(given).map(({ kind }) => kind);
const read = (hours: number) => ({ ...connection.asOf, directory: hoursAgo(hours) });
const failed = {
  id: "import-1",
  state: "failed",
  createdAt: hoursAgo(9),
  finishedAt: hoursAgo(9),
  limits: [],
} as const;

describe("a stale directory", () => {
  it.each<[string, ScheduleItem | null, number, number]>([
    ["a day without a schedule", null, 24, 25],
    ["two nights of a daily one", daily, 48, 50],
    ["two weeks of a weekly one", weekly, 14 * 24, 14 * 24 + 1],
  ])("is told after %s", (_, schedule, fresh, stale) => {
    expect(kinds({ schedule, asOf: read(fresh) })).toEqual([]);
    expect(kinds({ schedule, asOf: read(stale) })).toEqual(["stale"]);
  });

  it("is not told of a paused connection, nor beside an overdue import", () => {
    expect(kinds({ status: "paused", asOf: read(100) })).toEqual([]);
    expect(kinds({ schedule: overdue("no-worker"), asOf: read(100) })).toEqual(["overdue"]);
  });
});

describe("an overdue import", () => {
  it("says why and what to do, and leads to the connection", () => {
    expect(told({ schedule: overdue("no-worker") })).toEqual([
      {
        kind: "overdue",
        connectionId: connection.id,
        text: "Contoso: overdue. Why it is. What to do.",
        href: `/connections/${connection.id}`,
        since: hoursAgo(10),
      },
    ]);
  });

  it("takes the place of the failed import it is made of, and leads there", () => {
    const found = told({ schedule: overdue("import-failed"), lastImport: failed });
    expect(found.map(({ kind, href }) => [kind, href])).toEqual([["overdue", "/imports/import-1"]]);
    expect(kinds({ lastImport: failed })).toEqual(["failed-import"]);
  });

  it("leaves a connection to be repaired to say so itself", () => {
    const schedule = overdue("action-needed");
    expect(kinds({ status: "action-needed", schedule })).toEqual(["problem"]);
  });
});

it("tells a credential's end once: by its day, or by what Microsoft refused", () => {
  const credential = {
    kind: "secret",
    expiresAt: "2026-11-29T00:00:00.000Z",
    version: 1,
    thumbprint: null,
  } as const;
  const problem = {
    class: "credential",
    code: "secret-expired",
    what: "Microsoft refused the secret: it has expired. The end entered for it is 29 Nov 2026.",
    hidden: "",
    action: "",
  } as const;
  expect(told({ credential })).toMatchObject([
    { kind: "credential-expiry", text: "Contoso: secret expires in 6 days, on 29 Nov 2026." },
  ]);
  expect(told({ credential, problem, status: "action-needed" })).toMatchObject([
    { kind: "problem", text: `Contoso: ${problem.what}` },
  ]);
  const disabled = { ...problem, code: "app-disabled", what: "The app is switched off." };
  expect(kinds({ credential, problem: disabled, status: "action-needed" })).toEqual([
    "problem",
    "credential-expiry",
  ]);
});

it("names permissions asked for since the consent, with what is missing, while the connection works", () => {
  const newPermissions = ["Reports.Read.All"];
  expect(told({ newPermissions })).toMatchObject([
    {
      kind: "new-permissions",
      text: "Contoso: Reports.Read.All is asked for since its consent. Without: Activity rests on sign-ins alone.",
    },
  ]);
  expect(kinds({ newPermissions, status: "action-needed" })).toEqual(["problem"]);
});
