import { createHash } from "node:crypto";
import { PackageError } from "#lib/domain/package";
import type { PackageContents, PackageSummary } from "./contents.ts";
import {
  type FileFacts,
  type Manifest,
  manifestHead,
  manifestName,
  manifestWire,
  packageLimits,
  schemaVersion,
  signInsName,
  signInWire,
  skusName,
  skuWire,
  userEssentials,
  usersName,
  userWire,
} from "./format.ts";
import { readLines } from "./lines.ts";
import { parseLine, toSignIn, toSku, toUser } from "./map.ts";
import type { PackageBytes } from "./package-bytes.ts";
import { openZip, type PackageFiles } from "./zip.ts";

const mandatory = [skusName, usersName];
const known: readonly string[] = [...mandatory, signInsName];

interface OpenedPackage {
  readonly files: PackageFiles;
  readonly manifest: Manifest;
}

/**
 * Reads every byte of a package against its manifest before anything of it is used: files, sizes, counts, hashes.
 * Memory stays flat. @throws PackageError for the first thing that does not fit; what `bytes` throws.
 */
export async function checkPackage(
  bytes: PackageBytes,
  expected: { readonly tenantId: string },
): Promise<PackageSummary> {
  const { files, manifest } = await open(bytes);
  if (manifest.tenantId !== expected.tenantId) {
    throw new PackageError("other-tenant", { tenantId: manifest.tenantId });
  }
  for (const [name, facts] of Object.entries(manifest.files)) await checkFile(files, name, facts);
  const rows = (name: string): number => manifest.files[name]?.rows ?? 0;
  if (rows(skusName) === 0) throw new PackageError("no-skus");
  if (rows(usersName) === 0) throw new PackageError("no-users");
  return {
    collectedAt: new Date(manifest.collectedAt).toISOString(),
    collectorVersion: manifest.collectorVersion,
    skus: rows(skusName),
    users: rows(usersName),
    hasSignIns: signInsName in manifest.files,
  };
}

/** What a package that was checked brings. @throws PackageError; what `bytes` throws. */
export async function readPackage(bytes: PackageBytes): Promise<PackageContents> {
  const { files, manifest } = await open(bytes);
  const linesOf = (name: string) => readLines(files.read(name), name);
  return {
    organization: {
      tenantId: manifest.tenantId,
      displayName: manifest.tenantName ?? manifest.defaultDomain ?? manifest.tenantId,
      defaultDomain: manifest.defaultDomain ?? null,
      countryCode: manifest.countryCode ?? null,
    },
    async *skus() {
      for await (const line of linesOf(skusName)) yield parseLine(line, skuWire, toSku);
    },
    async *users() {
      for await (const line of linesOf(usersName)) {
        yield parseLine(line, userWire, toUser, userEssentials);
      }
    },
    signIns:
      signInsName in manifest.files
        ? async function* signIns() {
            for await (const line of linesOf(signInsName)) {
              yield parseLine(line, signInWire, toSignIn);
            }
          }
        : null,
  };
}

async function open(bytes: PackageBytes): Promise<OpenedPackage> {
  const files = await openZip(bytes);
  const manifest = await readManifest(files);
  const listed = Object.keys(manifest.files);
  const stranger =
    listed.find((name) => !known.includes(name)) ??
    files.names.find((name) => name !== manifestName && !listed.includes(name));
  if (stranger !== undefined) throw new PackageError("unexpected-file", { file: shown(stranger) });
  const missing = [...mandatory.filter((name) => !listed.includes(name)), ...listed].find(
    (name) => !files.names.includes(name) || !listed.includes(name),
  );
  if (missing !== undefined) throw new PackageError("missing-file", { file: missing });
  return { files, manifest };
}

const shown = (name: string): string => name.replace(/\p{C}/gu, "").slice(0, 100);

async function readManifest(files: PackageFiles): Promise<Manifest> {
  if (!files.names.includes(manifestName)) {
    throw new PackageError("missing-file", { file: manifestName });
  }
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of files.read(manifestName)) {
    size += piece.length;
    if (size > packageLimits.manifestBytes) throw new PackageError("manifest-unreadable");
    pieces.push(piece);
  }
  const value = parseManifest(Buffer.concat(pieces));
  const head = manifestHead.safeParse(value);
  if (!head.success) throw new PackageError("manifest-unreadable");
  if (head.data.schemaVersion > schemaVersion) {
    throw new PackageError("future-version", {
      version: head.data.schemaVersion,
      known: schemaVersion,
    });
  }
  const manifest = manifestWire.safeParse(value);
  if (manifest.success) return manifest.data;
  const field = manifest.error.issues[0]?.path.join(".") ?? "";
  throw new PackageError("manifest-unreadable", { field: shown(field) });
}

/** Windows PowerShell writes a byte order mark where nobody stops it. */
function parseManifest(bytes: Buffer): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

async function checkFile(files: PackageFiles, file: string, facts: FileFacts): Promise<void> {
  const hash = createHash("sha256");
  let bytes = 0;
  async function* hashed(): AsyncGenerator<Buffer, void> {
    for await (const piece of files.read(file)) {
      hash.update(piece);
      bytes += piece.length;
      if (bytes > facts.bytes) throw new PackageError("wrong-size", { file });
      yield piece;
    }
  }
  let rows = 0;
  for await (const _line of readLines(hashed(), file)) rows += 1;
  if (bytes !== facts.bytes) throw new PackageError("wrong-size", { file });
  if (hash.digest("hex") !== facts.sha256.toLowerCase()) {
    throw new PackageError("wrong-hash", { file });
  }
  if (rows !== facts.rows) {
    throw new PackageError("wrong-count", { file, expected: facts.rows, found: rows });
  }
}
