import { createHash, randomBytes } from "node:crypto";
import { describe, expect, it } from "vitest";
import { PackageError, type PackageFault } from "#lib/domain/package";
import { checkPackage, readPackage } from "./read-package.ts";
import {
  buildPackage,
  bytesOf,
  e3,
  e5,
  lines,
  type PackageDraft,
  sampleTenant,
  sku,
  user,
  userIdOf,
  zipOf,
} from "./testing/build-package.ts";

const sample: PackageDraft = {
  tenantId: sampleTenant,
  skus: [sku(e3), sku(e5)],
  users: [user(1), user(2), user(3, { accountEnabled: false, licenses: [] })],
};

const check = (zip: Uint8Array, tenantId = sampleTenant) =>
  checkPackage(bytesOf(zip), { tenantId });

async function faultOf(zip: Uint8Array | Promise<Uint8Array>): Promise<PackageFault> {
  try {
    await check(await zip);
  } catch (error) {
    if (error instanceof PackageError) return error.fault;
    throw error;
  }
  throw new Error("The package was taken.");
}

/** The package with some of its bytes changed where `find` stands, every time. */
function patched(zip: Buffer, find: string, put: string): Buffer {
  const copy = Buffer.from(zip);
  for (let at = copy.indexOf(find); at !== -1; at = copy.indexOf(find, at + 1)) {
    copy.write(put, at, "latin1");
  }
  return copy;
}

describe("a sound package", () => {
  it("is summed up, and read with its rows", async () => {
    const zip = await buildPackage({
      ...sample,
      signIns: [{ id: userIdOf(1), lastSuccessfulAt: "2026-11-19T10:00:00Z" }],
    });
    expect(await check(zip)).toEqual({
      collectedAt: "2026-11-20T06:00:00.000Z",
      collectorVersion: "1.0.0",
      skus: 2,
      users: 3,
      hasSignIns: true,
    });
    const contents = await readPackage(bytesOf(zip));
    expect(contents.organization).toMatchObject({ tenantId: sampleTenant, displayName: "Contoso" });
    const skus = await Array.fromAsync(contents.skus());
    expect(skus[0]).toMatchObject({
      row: {
        skuId: e3,
        appliesTo: "user",
        consumedUnits: 3,
        prepaidUnits: { enabled: 10, expiring: 2, suspended: 1, lockedOut: 0 },
      },
    });
    const users = await Array.fromAsync(contents.users());
    expect(users[2]).toMatchObject({ row: { accountEnabled: false, assignments: [] } });
    expect(await Array.fromAsync(contents.signIns?.() ?? [])).toEqual([
      {
        row: {
          userId: userIdOf(1),
          lastSuccessfulAt: "2026-11-19T10:00:00.000Z",
          lastInteractiveAt: null,
          lastNonInteractiveAt: null,
        },
      },
    ]);
  });

  it("keeps a row whose id and licenses can be read, and refuses one without", async () => {
    const { licenses: _, ...withoutLicenses } = user(2);
    const zip = await buildPackage({
      ...sample,
      users: [
        user(1, { createdAt: "soon", displayName: 7 }),
        withoutLicenses,
        { id: "x", licenses: [] },
      ],
    });
    await check(zip);
    const users = await Array.fromAsync((await readPackage(bytesOf(zip))).users());
    expect(users).toMatchObject([
      { row: { userId: userIdOf(1), createdAt: null, displayName: null } },
      { refused: { field: "licenses" } },
      { refused: { field: "id" } },
    ]);
  });

  it("takes origins and errors as they are, a SKU named twice once", async () => {
    const group = userIdOf(99);
    const zip = await buildPackage({
      ...sample,
      users: [
        user(1, {
          licenses: [
            { skuId: e3.toUpperCase(), direct: true },
            { skuId: e3, groupIds: [group], assignedAt: "2020-01-01T00:00:00Z" },
            { skuId: e5, held: false, inError: true, error: "CountViolation" },
          ],
        }),
      ],
    });
    const [first] = await Array.fromAsync((await readPackage(bytesOf(zip))).users());
    expect(first).toMatchObject({
      row: {
        assignments: [
          { skuId: e3, holds: true, direct: true, groupIds: [group], inError: false },
          { skuId: e5, holds: false, inError: true, error: "CountViolation" },
        ],
      },
    });
  });
});

describe("a hostile or broken package is refused by name", () => {
  const plain = () => buildPackage(sample);

  it("bytes that are no ZIP, a ZIP cut off, and one with a damaged list", async () => {
    expect(await faultOf(Buffer.from("hello, this is no package"))).toEqual({ code: "not-a-zip" });
    expect(await faultOf(Buffer.alloc(0))).toEqual({ code: "not-a-zip" });
    const zip = await plain();
    expect(await faultOf(zip.subarray(0, zip.length - 300))).toMatchObject({ code: "truncated" });
    const broken = Buffer.from(zip);
    broken.fill(0xff, 60, 90);
    expect((await faultOf(broken)).code).toMatch(/truncated|manifest-unreadable|not-a-zip/);
  });

  it.each([
    ["../evil.json", "unsafe-name"],
    ["/etc/passwd", "unsafe-name"],
    ["C:/a.json", "unsafe-name"],
    ["dir\\a.json", "unsafe-name"],
    ["notes.txt", "unexpected-file"],
  ])("a file called %s", async (name, code) => {
    const held = "x".repeat(name.length);
    const zip = await buildPackage({ ...sample, files: { [held]: "{}" } });
    expect(await faultOf(patched(zip, held, name))).toMatchObject({ code });
  });

  it("a file that is encrypted", async () => {
    const zip = await plain();
    const at = zip.indexOf(Buffer.from([0x50, 0x4b, 0x01, 0x02]));
    zip.writeUInt16LE(zip.readUInt16LE(at + 8) | 1, at + 8);
    expect(await faultOf(zip)).toEqual({ code: "encrypted" });
  });

  it("a file that is there twice", async () => {
    const zip = zipOf([
      ["manifest.json", "{}"],
      ["manifest.json", "{}"],
    ]);
    expect(await faultOf(zip)).toEqual({
      code: "duplicate-file",
      facts: { file: "manifest.json" },
    });
  });

  it("a bomb, and one that lies about its size", async () => {
    const zeros = Buffer.alloc(30 * 1024 * 1024);
    const bomb = await buildPackage({ ...sample, files: { "users.ndjson": zeros } });
    expect(await faultOf(bomb)).toMatchObject({ code: "expands-too-much" });
    const at = bomb.lastIndexOf(Buffer.from("users.ndjson")) - 46;
    bomb.writeUInt32LE(500, at + 24);
    expect(await faultOf(bomb)).toMatchObject({ code: "truncated" });
  });

  it("more files than a package has", async () => {
    const files = Array.from({ length: 40 }, (_, no) => [`f${no}`, "x"] as const);
    expect(await faultOf(zipOf(files))).toEqual({ code: "too-many-files", facts: { files: 40 } });
  });

  it("a list whose hash, size or count is not the manifest's", async () => {
    const users = lines(sample.users).toString();
    const other = users.replace("Person 1", "Person 9");
    expect(await faultOf(buildPackage({ ...sample, files: { "users.ndjson": other } }))).toEqual({
      code: "wrong-hash",
      facts: { file: "users.ndjson" },
    });
    const longer = `${users}{}\n`;
    expect(
      await faultOf(buildPackage({ ...sample, files: { "users.ndjson": longer } })),
    ).toMatchObject({ code: "wrong-size" });
    const skus = lines(sample.skus);
    const hash = (content: Buffer) => createHash("sha256").update(content).digest("hex");
    const files = {
      "skus.ndjson": { rows: 3, bytes: skus.length, sha256: hash(skus) },
      "users.ndjson": { rows: 3, bytes: users.length, sha256: hash(Buffer.from(users)) },
    };
    expect(await faultOf(buildPackage({ ...sample, manifest: { files } }))).toEqual({
      code: "wrong-count",
      facts: { file: "skus.ndjson", expected: 3, found: 2 },
    });
  });

  it("a missing list, a missing manifest, and one that cannot be read", async () => {
    expect(await faultOf(buildPackage({ ...sample, files: { "users.ndjson": null } }))).toEqual({
      code: "missing-file",
      facts: { file: "users.ndjson" },
    });
    expect(await faultOf(buildPackage({ ...sample, files: { "manifest.json": null } }))).toEqual({
      code: "missing-file",
      facts: { file: "manifest.json" },
    });
    expect(await faultOf(buildPackage({ ...sample, files: { "manifest.json": "{" } }))).toEqual({
      code: "manifest-unreadable",
    });
    expect(await faultOf(buildPackage({ ...sample, manifest: { collectedAt: "today" } }))).toEqual({
      code: "manifest-unreadable",
      facts: { field: "collectedAt" },
    });
  });

  it("a package of a later format, of another tenant, and without rows", async () => {
    expect(await faultOf(buildPackage({ ...sample, manifest: { schemaVersion: 2 } }))).toEqual({
      code: "future-version",
      facts: { version: 2, known: 1 },
    });
    expect(await faultOf(buildPackage({ ...sample, tenantId: userIdOf(5) }))).toEqual({
      code: "other-tenant",
      facts: { tenantId: userIdOf(5) },
    });
    expect(await faultOf(buildPackage({ ...sample, skus: [] }))).toEqual({ code: "no-skus" });
    expect(await faultOf(buildPackage({ ...sample, users: [] }))).toEqual({ code: "no-users" });
  });

  it("a line without an end", async () => {
    const endless = user(1, { displayName: randomBytes(600_000).toString("hex") });
    expect(await faultOf(buildPackage({ ...sample, users: [endless] }))).toEqual({
      code: "line-too-long",
      facts: { file: "users.ndjson" },
    });
  });
});

it("tells a fault of the place where bytes are kept from one of the package", async () => {
  const zip = await buildPackage(sample);
  const lost = new Error("the database is away");
  const bytes = {
    size: zip.length,
    async *read() {
      yield await Promise.reject<Uint8Array>(lost);
    },
  };
  await expect(checkPackage(bytes, { tenantId: sampleTenant })).rejects.toBe(lost);
});
