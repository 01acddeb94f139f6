import { text } from "node:stream/consumers";
import { findSealedCredential } from "#db/queries/credentials";
import { webEnv, workerEnv } from "#lib/env";
import { createWebPlatform, createWorkerPlatform } from "#lib/services/context";
import { createOpener, credentialBinding } from "#lib/services/sealing";

/** The row to look for, and its sealed value, as if the program had found it somewhere. */
export interface SecretToTry {
  readonly workspaceId: string;
  readonly connectionId: string;
  readonly credentialId: string;
  readonly version: number;
  readonly sealed: string;
}

/** What each attempt came to: what was had, or how it was refused. */
export interface TriedSecret {
  readonly read: string;
  readonly opened: string;
}

/**
 * `node worker/testing/try-secret.ts web|worker`, with that program's environment and nothing else: builds the platform as
 * the program does, and tries with its database role and every key it has to get at a secret (JSON on stdin). Prints
 * TriedSecret.
 */
async function main(program: string | undefined): Promise<TriedSecret> {
  const { sealed, ...row }: SecretToTry = JSON.parse(await text(process.stdin));
  const { platform, keys } = program === "web" ? await asWeb() : await asWorker();
  try {
    const opener = await createOpener({ keys });
    const read = platform.db.inWorkspace(row.workspaceId, (tx) => findSealedCredential(tx, row));
    return {
      read: await read.then((found) => found?.sealed ?? "nothing", refusal),
      opened: await opener
        .open(sealed, credentialBinding({ ...row, kind: "secret" }))
        .catch(refusal),
    };
  } finally {
    await platform.close();
  }
}

async function asWeb() {
  const env = webEnv();
  const platform = await createWebPlatform(env, () => undefined);
  return { platform, keys: [env.secretsPublicKey] };
}

async function asWorker() {
  const { database, ...env } = workerEnv();
  if (database.kind !== "server") throw new Error("The worker needs the database's URL.");
  const log = { info: () => undefined, error: () => undefined };
  const platform = await createWorkerPlatform({ ...env, databaseUrl: database.url }, log);
  const close = async () => {
    await platform.queue.stop(0);
    await platform.close();
  };
  return { platform: { db: platform.db, close }, keys: env.secretsPrivateKeys.keys };
}

/** PostgreSQL's code, or that of a failure of ours. */
function refusal(error: unknown): string {
  const { cause, failure } = error as {
    readonly cause?: { readonly code?: string };
    readonly failure?: { readonly code: string };
  };
  return `refused: ${failure?.code ?? cause?.code ?? String(error)}`;
}

process.stdout.write(JSON.stringify(await main(process.argv[2])));
