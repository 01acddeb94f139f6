import { expect, test } from "../fixtures.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { simulator } from "../simulator.ts";

/** Reference/fault-catalogue.md E14: a wait is a named, dated state that goes on by itself; not an error. */
test("limited for minutes: which service and until when in local time, on the import and the connection", async ({
  workspace,
}) => {
  const { tenant, connectionId } = await workspace.connectedTenant();
  await simulator.setFaults(tenant.id, [
    { kind: "throttle", stream: "users", seconds: 600, times: 1 },
  ]);
  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  const run = await connection.importNow();
  const limited = /Microsoft is limiting its directory until \d\d:\d\d GMT\S*; the import goes/;
  await expect(run.dataset("Directory")).toContainText(limited);
  await expect(page.getByRole("status").filter({ hasText: limited })).toBeVisible();
  await run.expectState("Running");
  // The other datasets do not wait for it.
  await run.expectDatasetState("Usage", "Succeeded");

  await connection.open(connectionId);
  await expect(page.getByText(limited).first()).toBeVisible();
  await page.goto("/connections");
  await expect(page.getByText(limited).first()).toBeVisible();
});
