import { forward } from "./forward.ts";

/**
 * What a host runs before its worker: `node host.ts <centre> <port>…` brings Microsoft's ports to this host's loopback,
 * since a simulated Microsoft speaks plain http, which is only ever spoken to loopback. The rest is worker/main.ts itself.
 */
const [centre = "", ...ports] = process.argv.slice(2);
for (const port of ports.map(Number)) {
  await forward({ host: "127.0.0.1", port }, { host: centre, port });
}
await import("../../main.ts");
