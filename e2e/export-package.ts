import { createHash, randomUUID } from "node:crypto";
import { buffer } from "node:stream/consumers";
import yazl from "yazl";
import type { Truth } from "./simulator.ts";

/** Office 365 E3. */
export const e3 = "6fd2c87f-b296-42f0-b197-1e91e994b900";

/** A package of one SKU with 10 units, held by so many people, as the collector writes it. */
export async function exportPackage(of: {
  readonly tenantId: string;
  readonly people: number;
  readonly collectedAt?: Date;
  /** Changes the list of people after it was counted and hashed. */
  readonly tamper?: boolean;
}): Promise<Buffer> {
  const sku = { skuId: e3, skuPartNumber: "ENTERPRISEPACK", active: 10, consumed: of.people };
  const people = Array.from({ length: of.people }, (_, no) => personOf(no, [e3]));
  return packed({ ...of, tenantName: "Wingtip", skus: [sku], people });
}

/**
 * A package of a simulated tenant: its products and units, and as many holders of each as there are. Who holds what is
 * made up: the first so many people hold it.
 */
export async function packageOfTenant(truth: Truth): Promise<Buffer> {
  const listed = truth.skus.filter((sku) => sku.listed);
  const most = Math.max(...truth.skus.map(({ holders }) => holders));
  return packed({
    tenantId: truth.tenantId,
    tenantName: truth.displayName,
    skus: listed.map(({ skuId, partNumber, appliesTo, units, holders }) => ({
      skuId,
      skuPartNumber: partNumber,
      appliesTo,
      active: units?.enabled ?? null,
      warning: units?.warning ?? null,
      suspended: units?.suspended ?? null,
      lockedOut: units?.lockedOut ?? null,
      consumed: holders,
    })),
    people: Array.from({ length: most }, (_, no) =>
      personOf(
        no,
        truth.skus.filter(({ holders }) => no < holders).map(({ skuId }) => skuId),
      ),
    ),
  });
}

const personOf = (no: number, skuIds: readonly string[]) => ({
  id: randomUUID(),
  userPrincipalName: `person${no}@wingtip.example`,
  displayName: `Person ${no}`,
  accountEnabled: true,
  userType: "Member",
  licenses: skuIds.map((skuId) => ({ skuId, direct: true })),
});

async function packed(of: {
  readonly tenantId: string;
  readonly tenantName: string;
  readonly skus: readonly object[];
  readonly people: readonly object[];
  readonly collectedAt?: Date;
  readonly tamper?: boolean;
}): Promise<Buffer> {
  const lists = { "skus.ndjson": of.skus, "users.ndjson": of.people };
  const files = Object.entries(lists).map(([name, rows]) => {
    const content = Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
    return { name, content, rows: rows.length };
  });
  const manifest = {
    format: "seatledger-office365-export",
    schemaVersion: 1,
    tenantId: of.tenantId,
    tenantName: of.tenantName,
    defaultDomain: "wingtip.example",
    collectedAt: (of.collectedAt ?? new Date()).toISOString(),
    collectorVersion: "1.0.0",
    files: Object.fromEntries(
      files.map(({ name, content, rows }) => [
        name,
        {
          rows,
          bytes: content.length,
          sha256: createHash("sha256").update(content).digest("hex"),
        },
      ]),
    ),
  };
  const zip = new yazl.ZipFile();
  zip.addBuffer(Buffer.from(JSON.stringify(manifest)), "manifest.json");
  for (const { name, content } of files) {
    const changed = of.tamper === true && name === "users.ndjson";
    zip.addBuffer(
      changed ? Buffer.from(content.toString().replace("Person 0", "Person X")) : content,
      name,
    );
  }
  zip.end();
  return buffer(zip.outputStream);
}

/** The two files of the old scripts, for so many people. */
export function msonlineFiles(people: number): { readonly skus: string; readonly users: string } {
  const quoted = (cells: readonly string[]): string => cells.map((cell) => `"${cell}"`).join(",");
  const skus = [
    "#TYPE Microsoft.Online.Administration.AccountSkuDetails",
    quoted([
      "AccountSkuId",
      "ActiveUnits",
      "WarningUnits",
      "SuspendedUnits",
      "LockedOutUnits",
      "ConsumedUnits",
    ]),
    quoted(["wingtip:ENTERPRISEPACK", "10", "0", "0", "0", String(people)]),
  ];
  const users = [
    "#TYPE Selected.Microsoft.Online.Administration.User",
    quoted([
      "ObjectId",
      "UserPrincipalName",
      "BlockCredential",
      "UserType",
      "IsLicensed",
      "Licenses",
    ]),
    ...Array.from({ length: people }, (_, no) =>
      quoted([
        randomUUID(),
        `person${no}@wingtip.example`,
        "False",
        "Member",
        "True",
        "wingtip:ENTERPRISEPACK",
      ]),
    ),
  ];
  return { skus: skus.join("\r\n"), users: users.join("\r\n") };
}
