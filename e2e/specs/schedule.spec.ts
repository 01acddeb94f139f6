import { sql } from "drizzle-orm";
import { expect, test } from "../fixtures.ts";
import { ConnectionPage } from "../pages/connection-page.ts";
import { SchedulePanel } from "../pages/schedule-panel.ts";
import { simulator } from "../simulator.ts";
import { workerTime } from "../worker-time.ts";

interface Schedule {
  readonly cadence: string;
  readonly weekday: string | null;
  readonly time: string;
  readonly timeZone: string;
  readonly paused: boolean;
  readonly nextRunAt: string | null;
}

test("a weekly schedule in another time zone: the next import is told in its local time; pause and resume", async ({
  workspace,
}) => {
  const { connectionId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  const schedule = new SchedulePanel(page);
  await connection.open(connectionId);
  await expect(schedule.fact("Imported")).toContainText(/Daily at 0[1-4]:\d\d \(UTC\)/);
  await schedule.expectNextImport(/0[1-4]:\d\d \(UTC\), in (1 day|\d+ (h|min))/);

  await schedule.openForm();
  await schedule.form.getByRole("radio", { name: "Once a week" }).check();
  await schedule.form.getByRole("combobox", { name: "Weekday" }).click();
  await page.getByRole("option", { name: "Saturday" }).click();
  await schedule.time.fill("06:45");
  await schedule.choose("Time zone", "Asia/Tokyo");
  await schedule.save();
  await expect(schedule.form).toBeHidden();
  await expect(schedule.fact("Imported")).toContainText("Saturdays at 06:45 (Asia/Tokyo)");
  await schedule.expectNextImport(/^Next importSat \d+ \w{3} \d{4}, 06:45 \(Asia\/Tokyo\)/);
  await workspace.expectAudited("schedule.changed");

  const api = await workspace.setUp();
  const stored = await api.get<Schedule>(`/connections/${connectionId}/schedule`);
  expect(stored).toMatchObject({ cadence: "weekly", weekday: "saturday", time: "06:45" });
  // 06:45 in Tokyo, which never changes its clocks, is 21:45 UTC of the day before.
  expect(new Date(stored.nextRunAt ?? "").getUTCDay()).toBe(5);
  expect(stored.nextRunAt).toContain("T21:45:00");

  await schedule.pauseSwitch.click();
  await connection.expectStatus("Paused");
  await expect(page.getByRole("heading", { name: "Imports are paused" })).toBeVisible();
  await schedule.expectNextImport("None while imports are paused");
  await expect(page.getByRole("button", { name: "Import now" })).toBeHidden();

  await schedule.pauseSwitch.click();
  await connection.expectStatus("Ready");
  await schedule.expectNextImport("06:45 (Asia/Tokyo)");
  await workspace.expectAudited("connection.resumed");
  await page.goto("/connections");
  await expect(page.getByText(/Next import: Sat .* 06:45 \(Asia\/Tokyo\)/)).toBeVisible();
});

test("what cannot be is said at its field, and nothing typed is lost", async ({ workspace }) => {
  const { connectionId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("owner");
  const connection = new ConnectionPage(page);
  const schedule = new SchedulePanel(page);
  await connection.open(connectionId);
  await schedule.openForm();
  await schedule.form.getByRole("radio", { name: "Once a week" }).check();
  await schedule.time.fill("");
  await schedule.save();
  await expect(schedule.form.getByText("Enter a time such as 02:30")).toBeVisible();
  await expect(schedule.form.getByRole("radio", { name: "Once a week" })).toBeChecked();
  await page.keyboard.press("Escape");
  await expect(schedule.form).toBeHidden();
  await expect(schedule.fact("Imported")).toContainText("Daily");
});

test("a viewer sees the schedule and cannot change it", async ({ workspace }) => {
  const { connectionId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("viewer");
  const schedule = new SchedulePanel(page);
  await new ConnectionPage(page).open(connectionId);
  await schedule.expectNextImport("(UTC)");
  await expect(schedule.pauseSwitch).toHaveCount(0);
  await expect(schedule.changeButton).toHaveCount(0);
  const api = await workspace.api("viewer");
  const { cadence, time, timeZone } = await api.get<Schedule>(
    `/connections/${connectionId}/schedule`,
  );
  expect(cadence).toBe("daily");
  const paused = { cadence, time, timeZone, paused: true };
  await expect(api.put(`/connections/${connectionId}/schedule`, paused)).rejects.toMatchObject({
    status: 403,
  });

  const owner = await workspace.setUp();
  await owner.put(`/connections/${connectionId}/schedule`, paused);
  await page.goto("/connections");
  await expect(page.getByText("Imports are paused")).toBeVisible();
});

test("an import says that the schedule's run and somebody else joined it", async ({
  workspace,
}) => {
  const { connectionId, tenant } = await workspace.connectedTenant();
  await simulator.setKnobs(tenant.id, { latencyMs: 3000 });
  const api = await workspace.setUp();
  const { id } = await api.post<{ id: string }>(`/connections/${connectionId}/imports`);
  await workspace.db.outside((tx) =>
    tx.execute(sql`
      update import_schedules set next_run_at = now() where connection_id = ${connectionId}`),
  );
  const page = await workspace.pageOf("analyst");
  const connection = new ConnectionPage(page);
  await connection.open(connectionId);
  const imported = await connection.importNow();
  await expect(page).toHaveURL(new RegExp(`/imports/${id}$`));
  await imported.expectJoined(/asked for an import .*, while this one was under way/);
  await imported.expectJoined("The schedule's run was due");
  await simulator.setKnobs(tenant.id, { latencyMs: 0 });
});

test("a due run starts by itself, and an overdue one is told where people look", async ({
  workspace,
}) => {
  // Two imports and a round of the worker.
  test.setTimeout(120_000);
  const { connectionId } = await workspace.connectedTenant();
  const page = await workspace.pageOf("connection-admin");
  const connection = new ConnectionPage(page);
  const schedule = new SchedulePanel(page);
  await workspace.db.outside((tx) =>
    tx.execute(sql`
      update import_schedules set next_run_at = now() - interval '3 hours'
      where connection_id = ${connectionId}`),
  );
  const api = await workspace.setUp();
  const imports = () =>
    api.get<{ items: { trigger: string; state: string }[] }>(
      `/imports?connectionId=${connectionId}`,
    );
  await expect
    .poll(async () => (await imports()).items[0], { timeout: workerTime })
    .toMatchObject({ trigger: "scheduled", state: "succeeded" });
  expect((await imports()).items).toHaveLength(2);
  await connection.open(connectionId);
  await expect(schedule.fact("Last run")).toContainText("Made up for, 3 h");

  // Two directories that failed since the last one that was read, and a run that was due two hours ago.
  await workspace.db.outside(async (tx) => {
    await tx.execute(sql`
      update import_schedules set in_force_since = now() - interval '9 days',
        local_time = to_char((now() - interval '2 hours') at time zone 'UTC', 'HH24:MI')
      where connection_id = ${connectionId}`);
    await tx.execute(sql`
      update snapshots set as_of = now() - interval '2 days'
      where connection_id = ${connectionId}`);
    await tx.execute(sql`
      insert into dataset_runs (workspace_id, connection_id, dataset, state, finished_at, created_at)
      select ${workspace.id}, ${connectionId}, 'directory', 'failed', now(), now() + make_interval(secs => n)
      from generate_series(1, 2) n`);
  });
  await connection.open(connectionId);
  await expect(page.getByRole("heading", { name: /^Overdue: an import was due on/ })).toBeVisible();
  await expect(connection.content.getByText("The last 2 imports failed.")).toBeVisible();
  await page.goto("/connections");
  await expect(page.getByText("Overdue. The last 2 imports failed.")).toBeVisible();
  await page.goto("/");
  await expect(
    page.getByRole("link", { name: /overdue\. The last 2 imports failed\./ }),
  ).toBeVisible();
});
