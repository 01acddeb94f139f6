import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createSimulator, type Simulator } from "./create-simulator.ts";
import { tenantFromRequest } from "./specs.ts";

describe("createSimulator", () => {
  const spec = tenantFromRequest({ seed: "http", size: 60 });
  let simulator: Simulator;
  let token = "";

  beforeAll(async () => {
    simulator = await createSimulator({ tenants: [spec] });
    const app = spec.apps[0];
    const response = await fetch(`${simulator.loginOrigin}/${spec.id}/oauth2/v2.0/token`, {
      method: "POST",
      body: new URLSearchParams({
        grant_type: "client_credentials",
        client_id: app?.clientId ?? "",
        client_secret: app?.secrets[0]?.value ?? "",
        scope: "https://graph.microsoft.com/.default",
      }),
    });
    token = ((await response.json()) as { access_token: string }).access_token;
  });
  afterAll(() => simulator.close());

  const get = (path: string) =>
    fetch(path.startsWith("http") ? path : `${simulator.graphOrigin}${path}`, {
      redirect: "manual",
      headers: { authorization: `Bearer ${token}` },
    });
  const tenant = () => {
    const found = simulator.store.findTenant(spec.id);
    if (!found) throw new Error("no tenant");
    return found;
  };

  it("serves login, Graph and report downloads on three origins", async () => {
    expect(
      new Set([simulator.loginOrigin, simulator.graphOrigin, simulator.reportsOrigin]).size,
    ).toBe(3);
    const location =
      (await get("/v1.0/reports/getMailboxUsageDetail(period='D7')")).headers.get("location") ?? "";
    expect(new URL(location).origin).toBe(simulator.reportsOrigin);
    const bytes = Buffer.from(await (await fetch(location)).arrayBuffer());
    expect(bytes.subarray(0, 3).toString("hex")).toBe("efbbbf");
  });

  it("emits links that work as they are", async () => {
    const first = (await (await get("/v1.0/users?$select=id&$top=50")).json()) as Record<
      string,
      string
    >;
    const second = (await (await get(first["@odata.nextLink"] ?? "")).json()) as {
      value: unknown[];
    };
    expect(second.value).toHaveLength(10);
  });

  it.each(["before-headers", "mid-body"] as const)("resets the connection %s", async (when) => {
    tenant().setFaults([{ kind: "reset", when, times: 1 }]);
    await expect(get("/v1.0/users").then((response) => response.text())).rejects.toThrow();
    expect((await get("/v1.0/users")).status).toBe(200);
  });

  it("lets a body stall after the headers", async () => {
    tenant().setFaults([{ kind: "hang", when: "mid-body", times: 1 }]);
    const response = await get("/v1.0/users");
    expect(response.status).toBe(200);
    const body = response.text();
    const outcome = await Promise.race([
      body.catch(() => "broken"),
      new Promise((resolve) => setTimeout(resolve, 150, "stalled")),
    ]);
    expect(outcome).toBe("stalled");
    tenant().setFaults([]);
    await expect(body).rejects.toThrow();
  });

  it("closes while a response hangs", async () => {
    const other = await createSimulator({ tenants: [spec] });
    other.store.findTenant(spec.id)?.setFaults([{ kind: "hang", stream: "token" }]);
    const pending = fetch(`${other.loginOrigin}/${spec.id}/oauth2/v2.0/token`, {
      method: "POST",
      body: "grant_type=x",
    }).catch(() => undefined);
    await other.close();
    await pending;
    await expect(fetch(other.loginOrigin)).rejects.toThrow();
  });

  it("rejects when a port is taken and leaves nothing listening", async () => {
    const blocker = createServer().listen(0, "127.0.0.1");
    await once(blocker, "listening");
    const { port } = blocker.address() as AddressInfo;
    await expect(createSimulator({ reportsPort: port, tenants: [] })).rejects.toMatchObject({
      code: "EADDRINUSE",
      port,
    });
    blocker.close();
  });
});
