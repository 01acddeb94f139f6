import { sql } from "drizzle-orm";
import { drizzle, type PostgresJsDatabase } from "drizzle-orm/postgres-js";
import postgres from "postgres";

/** A Drizzle transaction over postgres.js. In raw SQL dates and int8 arrive as strings (reference/stack-notes.md §6). */
export type Tx = Parameters<Parameters<PostgresJsDatabase["transaction"]>[0]>[0];

/** The program's way to the database: only inside a transaction that says whose rows it may see. */
export interface Database {
  /** One transaction with app.workspace_id set: row-level security shows this workspace only. */
  inWorkspace<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /**
   * As `inWorkspace`, for what several statements read and nobody may write: all of them see one moment, so that no change
   * which is committed meanwhile shows in one half of an answer and not in the other.
   */
  inSnapshot<T>(workspaceId: string, work: (tx: Tx) => Promise<T>): Promise<T>;
  /** A transaction without a workspace: only for the functions of schema app and global tables (products, workers). */
  outside<T>(work: (tx: Tx) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export type ProgramRole = "web" | "worker";

export interface OpenDatabaseOptions {
  readonly url: string;
  readonly role: ProgramRole;
  /** Connections at most; 10 by default. */
  readonly max?: number;
  /** Shown in pg_stat_activity. */
  readonly applicationName: string;
  /** Milliseconds; 30 000 by default, 0 = none. */
  readonly statementTimeoutMs?: number;
}

/** Thrown when a program would connect with more, or other, rights than its own. The message holds no secret. */
export class DatabaseRoleError extends Error {
  override readonly name = "DatabaseRoleError";
}

/**
 * A program that hangs in the middle of a transaction keeps its locks no longer than this, ms. No transaction of ours
 * waits for anything but the database. Its other writes, queued behind that one, get their turn and hang as well until
 * `statement_timeout` ends the rest: with both, another worker goes on within 60 s (DESIGN §4.7).
 */
const idleTransactionMs = 10_000;

/** The driver's own waits grow to 20 s: a page would hang that long after the database is back. Seconds. */
const reconnectSeconds = (attempts: number): number => Math.min(attempts / 10, 1);

/** The server notices within 25 s that a client's host is gone without a word, s. Ignored on local sockets. */
const keepalives = {
  tcp_keepalives_idle: 10,
  tcp_keepalives_interval: 5,
  tcp_keepalives_count: 3,
} as const;

/**
 * Connects a program as its own role. Throws DatabaseRoleError for a superuser, an owner of tables, a role with
 * BYPASSRLS or another program's role: behind any of them row-level security is no wall. Source: DESIGN §3.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const client = postgres(options.url, {
    max: options.max ?? 10,
    connect_timeout: 10,
    backoff: reconnectSeconds,
    onnotice: () => undefined,
    connection: {
      application_name: options.applicationName,
      statement_timeout: options.statementTimeoutMs ?? 30_000,
      idle_in_transaction_session_timeout: idleTransactionMs,
      ...keepalives,
      TimeZone: "UTC",
      jit: "off",
    },
  });
  try {
    await checkRole(client, options.role);
  } catch (error) {
    await client.end({ timeout: 5 });
    throw error;
  }
  return { ...transactionsOf(drizzle(client)), close: () => client.end({ timeout: 5 }) };
}

/** The transactions a program does all its work in. */
export function transactionsOf(db: PostgresJsDatabase): Omit<Database, "close"> {
  const within = async <T>(tx: Tx, workspaceId: string, work: (tx: Tx) => Promise<T>) => {
    await tx.execute(sql`select set_config('app.workspace_id', ${workspaceId}, true)`);
    return work(tx);
  };
  return {
    inWorkspace: (workspaceId, work) => db.transaction((tx) => within(tx, workspaceId, work)),
    inSnapshot: (workspaceId, work) =>
      db.transaction((tx) => within(tx, workspaceId, work), {
        isolationLevel: "repeatable read",
        accessMode: "read only",
      }),
    outside: (work) => db.transaction(work),
  };
}

interface RoleFacts {
  readonly name: string;
  readonly superuser: boolean;
  readonly bypass: boolean;
  readonly owns: boolean;
}

async function checkRole(client: postgres.Sql, program: ProgramRole): Promise<void> {
  const [facts] = await client<RoleFacts[]>`
    select current_user as name,
           bool_or(r.rolsuper) as superuser,
           bool_or(r.rolbypassrls) as bypass,
           exists (
             select from pg_class c
             where c.relnamespace in (select oid from pg_namespace where nspname in ('public', 'app', 'drizzle'))
               and c.relkind in ('r', 'p')
               and (pg_has_role(session_user, c.relowner, 'member')
                 or pg_has_role(current_user, c.relowner, 'member'))
           ) as owns
    from pg_roles r
    where r.rolname in (current_user, session_user)`;
  const problem = facts === undefined ? "is unknown to the server" : findProblem(facts, program);
  if (problem === null) return;
  throw new DatabaseRoleError(
    `DATABASE_URL of the ${program} program connects as "${facts?.name ?? ""}", which ${problem}. ` +
      `Connect as seatledger_${program}.`,
  );
}

function findProblem(facts: RoleFacts, program: ProgramRole): string | null {
  if (facts.superuser) return "is a superuser";
  if (facts.bypass) return "bypasses row-level security (BYPASSRLS)";
  if (facts.owns) return "owns the tables (that URL belongs in MIGRATION_DATABASE_URL)";
  if (facts.name !== `seatledger_${program}`) return "is not this program's role";
  return null;
}
