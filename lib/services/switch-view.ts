import type { ParallelRunRow } from "#db/queries/parallel-runs";
import type { SupersessionRow } from "#db/queries/supersessions";
import type { SwitchScope } from "#lib/domain/switching";
import { obstacleText } from "#lib/domain/switching";

/** A switch in force. Instants ISO UTC. */
export interface SupersessionItem extends SwitchScope {
  readonly id: string;
  readonly keptTenantIds: readonly string[];
  readonly createdBy: string;
  readonly createdAt: string;
}

/** A switch asked for ahead. Instants ISO UTC. */
export interface ParallelRunItem extends SwitchScope {
  readonly id: string;
  readonly days: number;
  readonly startedBy: string;
  readonly startedAt: string;
  readonly switchAt: string;
  /** Why it was not switched when it was due, in a sentence. */
  readonly obstacle: string | null;
}

export const toSwitchItem = (row: SupersessionRow): SupersessionItem => ({
  id: row.id,
  by: row.by,
  tenantId: row.tenantId,
  keptTenantIds: row.keptTenantIds,
  createdBy: row.createdBy,
  createdAt: row.createdAt.toISOString(),
});

export const toRunItem = (row: ParallelRunRow): ParallelRunItem => ({
  id: row.id,
  by: row.by,
  tenantId: row.tenantId,
  days: row.days,
  startedBy: row.startedBy,
  startedAt: row.startedAt.toISOString(),
  switchAt: row.switchAt.toISOString(),
  obstacle: row.obstacle === null ? null : obstacleText(row.obstacle, row.by),
});
