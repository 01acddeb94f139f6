import { expect, test } from "../fixtures.ts";
import { MicrosoftPage } from "../pages/microsoft-page.ts";
import { WizardPage } from "../pages/wizard-page.ts";
import { simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";

/** How long an answer of Microsoft takes here, and how long the first products may after it. Milliseconds. */
const latencyMs = 300;
/** Three times what it takes beside other tests: docs/benchmarks.md has figures, and the aim of five seconds. */
const patienceMs = 20_000;

test("the products of a tenant are on screen soon after its consent works, while its accounts are still being read", async ({
  workspace,
}) => {
  test.setTimeout(180_000);
  const tenant = await workspace.tenant({ size: 40_000, app: null });
  await simulator.setKnobs(tenant.id, { latencyMs, streamLatencyMs: { token: latencyMs } });
  const page = await workspace.pageOf("connection-admin");
  const wizard = new WizardPage(page);
  const microsoft = new MicrosoftPage(page);
  await wizard.draft({ name: "Far away", tenant: tenant.id });
  const connectionId = wizard.connectionId();
  await wizard.continueToMicrosoft();
  await microsoft.pickAccount("Global Administrator");
  await microsoft.accept();
  await microsoft.pickAccount("Global Administrator");

  const products = page.getByRole("table", { name: "Products read, not yet published" });
  await expect(products.getByRole("row").nth(1)).toBeVisible({ timeout: workerTime });
  const shownAt = Date.now();
  const api = await workspace.setUp();
  const { items: verifications } = await api.get<{
    readonly items: readonly { readonly finishedAt: string | null }[];
  }>(`/connections/${connectionId}/verifications`);
  const { items: imports } = await api.get<{
    readonly items: readonly {
      readonly createdAt: string;
      readonly datasets: readonly { readonly name: string; readonly startedAt: string | null }[];
    }[];
  }>(`/imports?connectionId=${connectionId}`);
  const works = Date.parse(verifications[0]?.finishedAt ?? "");
  const after = (at: string | null | undefined) => Date.parse(at ?? "") - works;
  const asked = after(imports[0]?.createdAt);
  const taken = after(imports[0]?.datasets.find(({ name }) => name === "directory")?.startedAt);
  const shown = shownAt - works;
  const figures = `import asked for ${asked} ms, taken by a worker ${taken} ms, products on screen ${shown} ms after the consent works`;
  test.info().annotations.push({ type: "first products", description: figures });
  console.log(figures);
  expect(shown).toBeLessThan(patienceMs);
  const licenses = await api.get<{ items: readonly unknown[] }>(
    `/licenses?connectionId=${connectionId}`,
  );
  expect(licenses.items).toEqual([]);
  await wizard.expectImported(tenant.name);
});
