import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { Hono } from "hono";
import { type SimulatorEnv, transportFault } from "../faults/transport.ts";
import type { DownloadTicket } from "../graph/reports.ts";
import { utf8Stream } from "../reports/csv.ts";
import { reportFile } from "../reports/file.ts";
import type { Store } from "../store/store.ts";

/** The report download server: an origin of its own that refuses bearer tokens (reference §3.12). */
export function reportsApp(store: Store) {
  const app = new Hono<SimulatorEnv>();
  app.get("/data/v1.0/download", async (c) => {
    if (c.req.header("authorization") !== undefined)
      return c.text("Request must not carry an Authorization header.", 400);
    const ticket = store.sealer.open(c.req.query("token") ?? "") as DownloadTicket | undefined;
    const tenant = ticket && store.findTenant(ticket.tenantId);
    if (!tenant) return c.text("Not found.", 404);
    const situation = { stream: "usage", endpoint: "download", page: 1 } as const;
    const log = (status: number, early = false) =>
      tenant.log.add({
        at: new Date().toISOString(),
        method: "GET",
        path: `${c.req.path}/${ticket.report}`,
        ...situation,
        status,
        requestId: randomUUID(),
        priority: c.req.header("x-ms-throttle-priority") ?? null,
        early,
      });
    await sleep(tenant.knobs.streamLatencyMs.usage ?? 0);
    const throttled = tenant.faults.throttled(situation);
    if (throttled) {
      log(429, throttled.early);
      return c.text(
        "Too many requests.",
        429,
        throttled.retryAfter === null ? {} : { "retry-after": throttled.retryAfter },
      );
    }
    const replaced = await transportFault(c, tenant.faults, situation);
    if (replaced) {
      log(replaced.status);
      return replaced;
    }
    if (ticket.expiresAt <= Date.now()) {
      log(403);
      return c.text("The download link has expired.", 403);
    }
    log(200);
    const { lines, bom, contentType } = reportFile(tenant, ticket.report, ticket.period);
    return c.body(utf8Stream(lines, bom), 200, {
      "content-type": contentType,
      "content-disposition": `attachment; filename="${ticket.report}.csv"`,
    });
  });
  return app;
}
