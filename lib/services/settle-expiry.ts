import type { Tx } from "#db/client";
import { findStanding } from "#db/queries/access-facts";
import { databaseNow } from "#db/queries/clock";
import type { ConnectionKey } from "#db/queries/connections";
import {
  type CredentialEnd,
  findActiveEnd,
  listAppClouds,
  listAppCredentials,
} from "#db/queries/credential-health";
import type { AlertFacts, AlertKey } from "#lib/domain/alert";
import { clouds } from "#lib/domain/connection";
import { expiryStage } from "#lib/domain/credential-expiry";
import { raiseAlert, resolveAlert } from "./raise-alert.ts";

/**
 * One alert while the credential a connection uses is near its end or past it; none otherwise. An end that is not known
 * raises none. The database's clock decides. To be called whenever the credential, or the time, may have changed it.
 */
export async function settleExpiry(tx: Tx, key: ConnectionKey): Promise<void> {
  const { workspaceId, connectionId } = key;
  const connection = await findStanding(tx, key);
  if (connection === undefined) return;
  const credential = await findActiveEnd(tx, key);
  await settleEnd(tx, workspaceId, {
    key: { kind: "credential-expiry", subject: connectionId },
    end: credential,
    facts: (end) => ({ kind: "credential-expiry", connectionId, ...end }),
  });
}

/** The same for the installation's own apps, in those clouds in which connections of the workspace rest on them. */
export async function settleAppExpiry(tx: Tx, workspaceId: string): Promise<void> {
  const used = await listAppClouds(tx, workspaceId);
  const apps = await listAppCredentials(tx);
  for (const cloud of clouds) {
    await settleEnd(tx, workspaceId, {
      key: { kind: "app-credential-expiry", subject: cloud },
      end: used.includes(cloud) ? apps.find((app) => app.cloud === cloud) : undefined,
      facts: (end) => ({ kind: "app-credential-expiry", cloud, ...end }),
    });
  }
}

type End = Pick<
  Extract<AlertFacts, { kind: "credential-expiry" }>,
  "credential" | "expiresAt" | "stage"
>;

async function settleEnd(
  tx: Tx,
  workspaceId: string,
  subject: {
    readonly key: AlertKey;
    readonly end: CredentialEnd | undefined;
    readonly facts: (end: End) => AlertFacts;
  },
): Promise<void> {
  const { key, end, facts } = subject;
  const expiresAt = end?.expiresAt ?? null;
  const stage = expiresAt === null ? null : expiryStage(expiresAt, await databaseNow(tx));
  if (end === undefined || expiresAt === null || stage === null) {
    await resolveAlert(tx, workspaceId, key);
  } else {
    const credential = end.kind;
    await raiseAlert(
      tx,
      workspaceId,
      facts({ credential, expiresAt: expiresAt.toISOString(), stage }),
    );
  }
}
