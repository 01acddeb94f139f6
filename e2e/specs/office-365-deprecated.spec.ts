import { createHash, randomUUID } from "node:crypto";
import type { LicenseTotals } from "#lib/domain/overview";
import { runPackage } from "../api.ts";
import { exportPackage, msonlineFiles, packageOfTenant } from "../export-package.ts";
import { expect, test } from "../fixtures.ts";
import { largestLicense, licensesOf } from "../licenses.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { LicensesPage } from "../pages/licenses-page.ts";
import { PackagePage } from "../pages/package-page.ts";
import { SwitchPage } from "../pages/switch-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";

const day = 24 * 3_600_000;

test("a tenant is connected by an uploaded package, and a wrong one leaves the numbers", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const page = await workspace.pageOf("owner");
  const packages = new PackagePage(page);
  const tenantId = randomUUID();
  await packages.draft({ name: "Closed network", tenant: tenantId });
  const connectionId = packages.connectionId();
  await expect(page.getByText("Deprecated", { exact: true })).toBeVisible();

  await test.step("what is no package is refused, and the wizard stays where it is", async () => {
    await packages.form.getByRole("button", { name: "Upload" }).click();
    await expect(packages.form.getByRole("alert")).toHaveText("Choose the export package.");
    await packages.upload({ name: "notes.zip", content: "not a package at all" });
    await packages.expectRefused("it is not a ZIP");
    await page.reload();
    await expect(page.getByRole("region", { name: "Export package" })).toBeVisible();
  });

  await test.step("a sound one is imported by itself and ends with a proof", async () => {
    const collectedAt = new Date(Date.now() - 2 * day);
    await packages.upload({
      name: "export.zip",
      content: await exportPackage({ tenantId, people: 7, collectedAt }),
    });
    await new WizardPage(page).expectImported("Wingtip");
  });

  const licenses = new LicensesPage(page);
  const expectNumbers = async (consumed: number): Promise<void> => {
    await page.goto("/licenses");
    await licenses.expectFigures("ENTERPRISEPACK", { entitled: 10, consumed });
  };
  await expectNumbers(7);

  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  await expect(page.getByText("Deprecated", { exact: true })).toBeVisible();
  await expect(page.getByRole("button", { name: "Import now" })).toHaveCount(0);

  await test.step("another tenant's, a changed and an older package change nothing", async () => {
    for (const [content, what] of [
      [await exportPackage({ tenantId: randomUUID(), people: 1 }), "It is of another tenant"],
      [
        await exportPackage({ tenantId, people: 2, tamper: true }),
        "its hash differs from the manifest",
      ],
      [
        await exportPackage({ tenantId, people: 3, collectedAt: new Date(Date.now() - 9 * day) }),
        "the published numbers are newer",
      ],
    ] as const) {
      await packages.upload({ name: "wrong.zip", content });
      await packages.expectRefused(what);
    }
    await expectNumbers(7);
  });

  await test.step("a newer one brings new numbers", async () => {
    await connection.open(connectionId);
    await packages.upload({
      name: "newer.zip",
      content: await exportPackage({ tenantId, people: 8 }),
    });
    await expect(packages.newest.getByText("Succeeded", { exact: true })).toBeVisible({
      timeout: workerTime,
    });
    await expectNumbers(8);
  });
});

test("a tenant is moved: packages by the wizard, Microsoft 365 beside them, preview, parallel run, switch, undo", async ({
  workspace,
}) => {
  test.setTimeout(240_000);
  const tenant = await workspace.tenant();
  const truth = await simulator.truth(tenant.id);
  const page = await workspace.pageOf("owner");
  const packages = new PackagePage(page);
  await packages.draft({ name: "Collected so far", tenant: tenant.id });
  const old = packages.connectionId();
  await expect(
    page.getByRole("link", { name: "move to the Microsoft 365 connector" }),
  ).toBeVisible();
  await packages.upload({ name: "export.zip", content: await packageOfTenant(truth) });
  await new WizardPage(page).expectImported(tenant.name);

  const api = await workspace.setUp();
  const totals = async () => (await api.get<{ totals: LicenseTotals }>("/licenses")).totals;
  const alone = await totals();
  const license = await largestLicense(api, old);
  const partNumber = license.partNumber ?? "";
  expect(license).toMatchObject({ source: "office-365-deprecated", status: "active" });
  await test.step("every page of it says deprecated and offers the move", async () => {
    const { items } = await api.get<{ items: { id: string }[] }>(`/imports?connectionId=${old}`);
    for (const path of [
      `/connections/${old}`,
      `/imports/${items[0]?.id}`,
      `/licenses/${license.id}`,
    ]) {
      await page.goto(path);
      await expect(page.getByText("Deprecated", { exact: true }), path).toBeVisible();
      await page.getByRole("link", { name: "Move to the Microsoft 365 connector" }).click();
      await expect(page).toHaveURL(new RegExp(`/connections/${old}/move`));
      await expect(page.getByText("Deprecated", { exact: true })).toBeVisible();
    }
  });
  const now = await workspace.connectImported(tenant);
  const before = await totals();
  expect(before).toEqual({ ...alone, retired: before.retired });
  expect(before.retired).toBeGreaterThan(0);
  const reasons = async (connectionId: string) => [
    ...new Set([...(await licensesOf(api, connectionId)).values()].map((row) => row.retiredReason)),
  ];

  const connection = new ConnectionPage(page);
  await connection.open(old);
  await expect(page.getByText("Deprecated", { exact: true })).toBeVisible();
  await page.getByRole("link", { name: "Move to the Microsoft 365 connector" }).click();
  const preview = new SwitchPage(page);

  await test.step("the preview has each license with its counterpart, and the same totals", async () => {
    await expect(preview.heading("Move to the Microsoft 365 connector")).toBeVisible();
    await expect(preview.license(partNumber)).toContainText("now: Counts");
    await expect(
      preview.license(partNumber).getByRole("link", { name: "Its counterpart" }),
    ).toBeVisible();
    await preview.expectTotal("Licenses that count", before.active, before.active);
  });

  await test.step("in the parallel run both are shown and one is counted", async () => {
    await preview.startParallelRun("14");
    await expect(page.getByRole("heading", { name: /^Both are shown/ })).toBeVisible();
    expect(await totals()).toEqual(before);
    expect([await reasons(old), await reasons(now.connectionId)]).toEqual([
      [null],
      ["parallel-run"],
    ]);
  });

  await test.step("the switch retires the packages' licenses, and a later package changes none", async () => {
    await preview.switchNow("Microsoft 365");
    await expect(
      page.getByRole("heading", { name: `Microsoft 365 counts for ${tenant.name}` }),
    ).toBeVisible();
    const { active, shortfall, surplus } = before;
    expect(await totals()).toMatchObject({ active, shortfall, surplus });
    expect(await runPackage(api, old, await packageOfTenant(truth))).toMatchObject({
      state: "succeeded",
    });
    expect([await reasons(old), await reasons(now.connectionId)]).toEqual([
      ["superseded-by-microsoft-365"],
      [null],
    ]);
    expect(await totals()).toMatchObject({ active, shortfall, surplus });
  });

  await test.step("undone, everything is as it was", async () => {
    await preview.undo();
    await expect(preview.license(partNumber)).toContainText("now: Counts");
    expect(await totals()).toEqual(before);
    expect([await reasons(old), await reasons(now.connectionId)]).toEqual([
      [null],
      ["parallel-run"],
    ]);
  });
});

test("a collector uploads by a token that can do nothing else, until it is revoked", async ({
  workspace,
  request,
}) => {
  test.setTimeout(120_000);
  const page = await workspace.pageOf("owner");
  const packages = new PackagePage(page);
  const tenantId = randomUUID();
  await packages.draft({ name: "Wingtip collector", tenant: tenantId });
  const connectionId = packages.connectionId();
  const headers = { authorization: `Bearer ${await packages.createToken("Server 7")}` };

  const content = await exportPackage({ tenantId, people: 4 });
  const begun = await request.post(`/api/v1/connections/${connectionId}/packages`, {
    headers,
    data: { fileName: "export.zip", bytes: content.length },
  });
  expect(begun.status()).toBe(201);
  const { id } = await begun.json();
  const chunk = await request.put(`/api/v1/packages/${id}/chunks/0`, {
    headers: { ...headers, "content-type": "application/octet-stream" },
    data: content,
  });
  expect(chunk.status()).toBe(204);
  expect((await request.post(`/api/v1/packages/${id}/complete`, { headers })).status()).toBe(202);
  await new WizardPage(page).expectImported("Wingtip");

  for (const path of [
    "/licenses",
    "/connections",
    `/connections/${connectionId}`,
    `/connections/${connectionId}/packages`,
    "/imports",
  ]) {
    expect((await request.get(`/api/v1${path}`, { headers })).status(), path).toBe(401);
  }
  const started = await request.post(`/api/v1/connections/${connectionId}/imports`, { headers });
  expect(started.status()).toBe(401);

  await new ConnectionPage(page).open(connectionId);
  await packages.revokeToken("Server 7");
  const again = await request.post(`/api/v1/connections/${connectionId}/packages`, {
    headers,
    data: { fileName: "export.zip", bytes: content.length },
  });
  expect(again.status()).toBe(401);
});

test("files of the old MSOnline scripts are taken as they were, and the collector is the one whose hash is shown", async ({
  workspace,
  request,
}) => {
  test.setTimeout(120_000);
  const page = await workspace.pageOf("owner");
  const packages = new PackagePage(page);
  await packages.draft({ name: "History", tenant: randomUUID() });
  const connectionId = packages.connectionId();
  const script = await request.get("/collector/seatledger-office365-collector.ps1");
  const hash = createHash("sha256")
    .update(await script.body())
    .digest("hex")
    .toUpperCase();
  await expect(page.getByText(hash, { exact: true })).toBeVisible();

  const { skus, users } = msonlineFiles(5);
  await packages.form.getByText("MSOnline CSV files").click();
  await packages.choose("Account SKUs", { name: "skus.csv", content: skus });
  await packages.choose("Users", { name: "users.csv", content: users });
  await packages.form.getByRole("button", { name: "Upload" }).click();
  await expect(packages.form.getByRole("alert")).toHaveText(
    "Enter the day the files were written.",
  );
  await packages.form.getByLabel("Written on").fill("2021-04-03");
  await packages.form.getByRole("button", { name: "Upload" }).click();
  await new WizardPage(page).expectImported("wingtip");
  await page.goto(`/connections/${connectionId}`);
  await expect(page.getByRole("region", { name: "Packages received" })).toContainText("3 Apr 2021");
});
