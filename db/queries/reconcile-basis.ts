import { sql } from "drizzle-orm";
import type { Tx } from "#db/client";
import {
  type ActivityBasis,
  type ActivityCutoffs,
  activityBasis,
  activityCutoffs,
  type EvidenceSource,
  usableSource,
} from "#lib/domain/activity";
import type { ConnectionStatus, Source } from "#lib/domain/connection";
import { type Dataset, readsOf } from "#lib/domain/import";
import type { UtcDay } from "#lib/domain/license";
import type { Maybe, UnavailableReason } from "#lib/domain/quantity";
import { type EvidenceScope, findEvidenceReports } from "./activity-sql.ts";

/** A connection as reconciliation sees it. */
export interface ReconciledConnection {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly source: Source;
  readonly tenantId: string;
  readonly status: ConnectionStatus;
}

/** Everything a reconciliation rests on, decided once. */
export interface Basis {
  readonly connection: ReconciledConnection;
  readonly evaluatedOn: UtcDay;
  readonly windowDays: number;
  readonly graceDays: number;
  readonly cutoffs: ActivityCutoffs;
  readonly directorySnapshotId: number;
  readonly signInsSnapshotId: number | null;
  readonly usageSnapshotId: number | null;
  readonly signIns: Maybe<UtcDay>;
  readonly usage: Maybe<UtcDay>;
  /** The mailbox report: fresh, with names. */
  readonly mailbox: Maybe<UtcDay>;
  readonly activity: Maybe<ActivityBasis>;
  readonly evidence: EvidenceScope;
  /** Whether the directory's accounts note what these very sign-ins and this usage tell of them. docs/adr/0017. */
  readonly noted: { readonly signIns: boolean; readonly usage: boolean };
}

interface ConnectionRow extends Record<string, unknown> {
  readonly source: Source;
  readonly tenant_id: string | null;
  readonly status: ConnectionStatus;
  readonly window_days: number;
  readonly grace_days: number;
  readonly today: string;
}

/**
 * Loads the basis on the day `evaluatedOn` (today in UTC by database time). Null when there is nothing to reconcile yet:
 * no tenant or no published directory. The caller has locked the connection.
 */
export async function loadBasis(
  tx: Tx,
  key: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly evaluatedOn?: UtcDay;
  },
): Promise<Basis | null> {
  const { workspaceId, connectionId } = key;
  const [row] = await tx.execute<ConnectionRow>(sql`
    select c.source, c.tenant_id, c.status,
      coalesce((w.settings ->> 'activityWindowDays')::int, 90) as window_days,
      coalesce((w.settings ->> 'graceDays')::int, 30) as grace_days,
      (now() at time zone 'UTC')::date::text as today
    from connections c join workspaces w on w.id = c.workspace_id
    where c.workspace_id = ${workspaceId} and c.id = ${connectionId}`);
  if (row === undefined || row.tenant_id === null) return null;
  const published = await loadPublished(tx, workspaceId, connectionId);
  const directory = published.get("directory");
  if (directory === undefined) return null;
  const evaluatedOn = key.evaluatedOn ?? row.today;
  const sources = await loadSources(tx, { workspaceId, connectionId, published });
  const signIns = usableSource(sources.signIns, evaluatedOn);
  const usage = usableSource(sources.usage, evaluatedOn);
  const window = { evaluatedOn, windowDays: row.window_days, graceDays: row.grace_days };
  const signInsSnapshotId = published.get("sign-ins")?.snapshotId ?? null;
  const usageSnapshotId = published.get("usage")?.snapshotId ?? null;
  return {
    connection: {
      workspaceId,
      connectionId,
      source: row.source,
      tenantId: row.tenant_id,
      status: row.status,
    },
    ...window,
    cutoffs: activityCutoffs(window),
    directorySnapshotId: directory.snapshotId,
    signInsSnapshotId,
    usageSnapshotId,
    signIns,
    usage,
    mailbox: usableSource(sources.mailbox, evaluatedOn),
    activity: activityBasis(signIns, usage),
    evidence: {
      workspaceId,
      signInsSnapshotId: signIns.kind === "known" ? signInsSnapshotId : null,
      usage:
        usage.kind === "known" && usageSnapshotId !== null
          ? {
              snapshotId: usageSnapshotId,
              reports: await findEvidenceReports(tx, { workspaceId, snapshotId: usageSnapshotId }),
            }
          : null,
    },
    noted: {
      signIns: directory.notedId.signIns === signInsSnapshotId,
      usage: directory.notedId.usage === usageSnapshotId,
    },
  };
}

interface Published {
  readonly snapshotId: number;
  /** Of a directory: what its accounts note. */
  readonly notedId: { readonly signIns: number | null; readonly usage: number | null };
  /** UTC day its reading began. */
  readonly asOf: UtcDay;
}

interface PublishedRow extends Record<string, unknown> {
  readonly dataset: Dataset;
  readonly id: string;
  readonly as_of: string;
  readonly sign_ins: string | null;
  readonly usage: string | null;
}

async function loadPublished(
  tx: Tx,
  workspaceId: string,
  connectionId: string,
): Promise<ReadonlyMap<Dataset, Published>> {
  const rows = await tx.execute<PublishedRow>(sql`
    select e.dataset, s.id, (s.as_of at time zone 'UTC')::date::text as as_of,
      s.sign_ins_noted_id as sign_ins, s.usage_noted_id as usage
    from dataset_epochs e
    join snapshots s on s.workspace_id = e.workspace_id and s.id = e.snapshot_id
    where e.workspace_id = ${workspaceId} and e.connection_id = ${connectionId}`);
  const idOf = (id: string | null): number | null => (id === null ? null : Number(id));
  return new Map(
    rows.map((row) => [
      row.dataset,
      {
        snapshotId: Number(row.id),
        notedId: { signIns: idOf(row.sign_ins), usage: idOf(row.usage) },
        asOf: row.as_of,
      },
    ]),
  );
}

interface ReportRow extends Record<string, unknown> {
  readonly report: "active-users" | "mailbox";
  readonly state: "read" | "unavailable" | "failed";
  readonly reason: UnavailableReason | null;
  readonly refreshed_on: string | null;
  readonly concealed: boolean;
}

async function loadSources(
  tx: Tx,
  input: {
    readonly workspaceId: string;
    readonly connectionId: string;
    readonly published: ReadonlyMap<Dataset, Published>;
  },
): Promise<Record<"signIns" | "usage" | "mailbox", EvidenceSource>> {
  const { workspaceId, published } = input;
  const signIns = published.get("sign-ins");
  const usage = published.get("usage");
  const reports =
    usage === undefined
      ? []
      : await tx.execute<ReportRow>(sql`
          select report, state, reason, refreshed_on::text, concealed from snapshot_reports
          where workspace_id = ${workspaceId} and snapshot_id = ${usage.snapshotId}
            and report in ('active-users', 'mailbox')`);
  const missingUsage = await latestAbsence(tx, { ...input, dataset: "usage" });
  const ofReport = (name: ReportRow["report"]): EvidenceSource => {
    const report = reports.find((row) => row.report === name);
    return {
      snapshot:
        report?.state === "read"
          ? { asOf: report.refreshed_on, concealed: report.concealed }
          : null,
      unavailable: report?.reason ?? missingUsage,
    };
  };
  return {
    signIns: {
      snapshot: signIns === undefined ? null : { asOf: signIns.asOf, concealed: false },
      unavailable: await latestAbsence(tx, { ...input, dataset: "sign-ins" }),
    },
    usage: ofReport("active-users"),
    mailbox: ofReport("mailbox"),
  };
}

/**
 * Why the newest run of a dataset that could tell got nothing; null when it published. A run that broke off for another
 * cause tells nothing about it, so that the one before it counts.
 */
async function latestAbsence(
  tx: Tx,
  key: { readonly workspaceId: string; readonly connectionId: string; readonly dataset: Dataset },
): Promise<UnavailableReason | null> {
  const mandatory = JSON.stringify(
    readsOf(key.dataset).flatMap((plan) => (plan.need === "mandatory" ? [plan.read] : [])),
  );
  const [run] = await tx.execute<{ reason: UnavailableReason | null }>(sql`
    select case when r.state = 'failed' then absent.reason end as reason
    from dataset_runs r
    left join lateral (
      select c.reason from read_checkpoints c
      where c.workspace_id = r.workspace_id and c.run_id = r.id and c.state = 'unavailable'
        and ${mandatory}::jsonb ? c.read
      limit 1) absent on true
    where r.workspace_id = ${key.workspaceId} and r.connection_id = ${key.connectionId}
      and r.dataset = ${key.dataset}
      and (r.state = 'succeeded' or (r.state = 'failed' and absent.reason is not null))
    order by coalesce(r.published_at, r.finished_at) desc, r.created_at desc
    limit 1`);
  return run?.reason ?? null;
}
