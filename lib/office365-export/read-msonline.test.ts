import { describe, expect, it } from "vitest";
import { PackageError, type PackageFault } from "#lib/domain/package";
import type { ProductTable } from "./msonline-skus.ts";
import { checkMsOnline, type MsOnlineFiles, readMsOnline } from "./read-msonline.ts";
import { bytesOf, e3, e5, sampleTenant, userIdOf } from "./testing/build-package.ts";

const products: ProductTable = new Map([
  ["ENTERPRISEPACK", [e3]],
  ["SPE_E5", [e5]],
  ["MCOPSTN5", [userIdOf(1), userIdOf(2)]],
]);

const skuHeader =
  '"ExtensionData","AccountName","AccountObjectId","AccountSkuId","ActiveUnits","ConsumedUnits","LockedOutUnits","ServiceStatus","SkuId","SkuPartNumber","SubscriptionIds","SuspendedUnits","TargetClass","WarningUnits"';
const skuLine = (accountSkuId: string, skuId: string, tenantId = sampleTenant) =>
  `"System.Runtime.Serialization.ExtensionDataObject","contoso","${tenantId}","${accountSkuId}","25","3","0","System.Collections.Generic.List\`1[Microsoft.Online.Administration.ServiceStatus]","${skuId}","${accountSkuId.split(":")[1]}","System.Collections.Generic.List\`1[System.Guid]","1","User","2"`;
const skuCsv = [
  "#TYPE Microsoft.Online.Administration.AccountSkuDetails",
  skuHeader,
  skuLine("contoso:ENTERPRISEPACK", e3),
  skuLine("contoso:SPE_E5", ""),
].join("\r\n");

const userHeader =
  '"ObjectId","UserPrincipalName","DisplayName","BlockCredential","UserType","IsLicensed","Licenses","WhenCreated"';
const userLine = (no: number, licenses: string, more = { blocked: "False", licensed: "True" }) =>
  `"${userIdOf(no)}","person${no}@contoso.example","Persön ${no}","${more.blocked}","Member","${more.licensed}","${licenses}","3/12/2015 9:14:02 AM"`;
const userCsv = [
  "#TYPE Selected.Microsoft.Online.Administration.User",
  userHeader,
  userLine(1, "contoso:ENTERPRISEPACK;contoso:SPE_E5"),
  userLine(2, "contoso:ENTERPRISEPACK", { blocked: "True", licensed: "True" }),
  userLine(3, "", { blocked: "False", licensed: "False" }),
].join("\r\n");

const filesOf = (skus: Uint8Array | string, users: Uint8Array | string): MsOnlineFiles => {
  const [a, b] = [Buffer.from(skus), Buffer.from(users)];
  const bytes = bytesOf(Buffer.concat([a, b]), 7);
  return { bytes, skuBytes: a.length, tenantId: sampleTenant, products };
};

const collectedAt = "2022-05-01T00:00:00.000Z";
const check = (files: MsOnlineFiles) => checkMsOnline(files, collectedAt);

async function faultOf(files: MsOnlineFiles): Promise<PackageFault> {
  try {
    await check(files);
  } catch (error) {
    if (error instanceof PackageError) return error.fault;
    throw error;
  }
  throw new Error("The files were taken.");
}

const utf16 = (text: string) => Buffer.from(`\uFEFF${text}`, "utf16le");

describe("files of the old scripts as they were", () => {
  it.each([
    ["UTF-8", filesOf(skuCsv, userCsv)],
    ["UTF-8 with a byte order mark", filesOf(`\uFEFF${skuCsv}`, `\uFEFF${userCsv}`)],
    ["UTF-16", filesOf(utf16(skuCsv), utf16(userCsv))],
    ["UTF-16, the other way round", filesOf(utf16(skuCsv).swap16(), utf16(userCsv).swap16())],
    [
      "semicolons, without a type line",
      filesOf(
        skuCsv.slice(skuCsv.indexOf("\n") + 1).replaceAll('","', '";"'),
        userCsv
          .slice(userCsv.indexOf("\n") + 1)
          .replaceAll("PACK;con", "PACK con")
          .replaceAll('","', '";"'),
      ),
    ],
  ])("%s", async (_name, files) => {
    expect(await check(files)).toEqual({
      collectedAt,
      collectorVersion: null,
      skus: 2,
      users: 3,
      hasSignIns: false,
    });
    const contents = await readMsOnline(files);
    expect(contents.organization).toMatchObject({ tenantId: sampleTenant, displayName: "contoso" });
    expect(await Array.fromAsync(contents.skus())).toMatchObject([
      {
        row: {
          skuId: e3,
          consumedUnits: 3,
          prepaidUnits: { enabled: 25, expiring: 2, suspended: 1, lockedOut: 0 },
        },
      },
      { row: { skuId: e5, partNumber: "SPE_E5" } },
    ]);
    const users = await Array.fromAsync(contents.users());
    expect(users).toMatchObject([
      {
        row: {
          userId: userIdOf(1),
          displayName: "Persön 1",
          accountEnabled: true,
          createdAt: null,
          assignments: [
            { skuId: e3, holds: true, direct: false, groupIds: [] },
            { skuId: e5, holds: true },
          ],
        },
      },
      { row: { accountEnabled: false } },
      { row: { assignments: [] } },
    ]);
  });

  it("know an account without an object id by its name, always by the same id", async () => {
    const users = userCsv.replaceAll(/"ObjectId",|"0000[^"]*",/g, "");
    const idsOf = async () =>
      (await Array.fromAsync((await readMsOnline(filesOf(skuCsv, users))).users())).map((line) =>
        "row" in line ? line.row.userId : null,
      );
    const ids = await idsOf();
    expect(new Set(ids).size).toBe(3);
    expect(ids).toEqual(await idsOf());
  });

  it("find the column of licenses by the names scripts gave it", async () => {
    for (const name of ["$_.Licenses.AccountSkuId", "AccountSkuId", "licenses"]) {
      const users = userCsv.replace('"Licenses"', `"${name}"`);
      expect(await check(filesOf(skuCsv, users))).toMatchObject({ users: 3 });
    }
  });

  it("leave block state and user type unknown where the script left them out", async () => {
    const users = userCsv.replace('"BlockCredential","UserType"', '"Other","Another"');
    const rows = await Array.fromAsync((await readMsOnline(filesOf(skuCsv, users))).users());
    expect(rows).toMatchObject(Array(3).fill({ row: { accountEnabled: null, userType: null } }));
  });

  it("refuse a row that says licensed and names no license, as any row without them", async () => {
    const users = userCsv.replace("contoso:ENTERPRISEPACK;contoso:SPE_E5", "");
    const [first] = await Array.fromAsync((await readMsOnline(filesOf(skuCsv, users))).users());
    expect(first).toEqual({
      refused: { field: "Licenses", problem: "empty for a licensed account" },
    });
  });
});

describe("files that cannot be taken are refused by name", () => {
  it("SKUs nobody can resolve without a guess", async () => {
    const skus = `${skuCsv}\r\n${skuLine("contoso:NO_SUCH_SKU", "")}\r\n${skuLine("contoso:MCOPSTN5", "")}`;
    expect(await faultOf(filesOf(skus, userCsv))).toEqual({
      code: "csv-sku-unknown",
      facts: { skus: "MCOPSTN5, NO_SUCH_SKU", count: 2 },
    });
    const users = userCsv.replace("contoso:SPE_E5", "contoso:OTHER");
    expect(await faultOf(filesOf(skuCsv, users))).toEqual({
      code: "csv-sku-unknown",
      facts: { skus: "OTHER", count: 1 },
    });
  });

  it("licenses that Export-Csv did not put into words", async () => {
    const users = userCsv.replace("contoso:ENTERPRISEPACK;contoso:SPE_E5", "System.Object[]");
    expect(await faultOf(filesOf(skuCsv, users))).toEqual({
      code: "csv-licenses-lost",
      facts: { column: "Licenses" },
    });
  });

  it.each([
    ["WarningUnits", "Get-MsolAccountSku"],
    ["SuspendedUnits", "Get-MsolAccountSku"],
    ["UserPrincipalName", "Get-MsolUser"],
    ["Licenses", "Get-MsolUser"],
  ])("a missing column %s", async (column, file) => {
    const without = (csv: string) => csv.replace(`"${column}"`, '"Other"');
    expect(await faultOf(filesOf(without(skuCsv), without(userCsv)))).toEqual({
      code: "csv-column-missing",
      facts: { file, column },
    });
  });

  it("another tenant's file, other encodings, records of another length, nothing at all", async () => {
    const other = skuCsv.replaceAll(sampleTenant, userIdOf(7));
    expect(await faultOf(filesOf(other, userCsv))).toEqual({
      code: "other-tenant",
      facts: { tenantId: userIdOf(7) },
    });
    const ansi = Buffer.from(userCsv, "latin1");
    expect(await faultOf(filesOf(skuCsv, ansi))).toEqual({
      code: "csv-encoding",
      facts: { file: "Get-MsolUser" },
    });
    expect(await faultOf(filesOf(skuCsv, `${userCsv}\r\n"cut`))).toEqual({
      code: "csv-malformed",
      facts: { file: "Get-MsolUser" },
    });
    expect(await faultOf(filesOf(skuCsv, ""))).toMatchObject({ code: "csv-malformed" });
    expect(await faultOf(filesOf(skuHeader, userCsv))).toEqual({ code: "no-skus" });
    expect(await faultOf(filesOf(skuCsv, userHeader))).toEqual({ code: "no-users" });
  });
});
