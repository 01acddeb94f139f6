import { connect, createServer, type Server } from "node:net";

/** One place on the network. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** Passes every connection to `from` on to `to`, bytes unread. */
export async function forward(from: Endpoint, to: Endpoint): Promise<Server> {
  const server = createServer((client) => {
    const upstream = connect(to);
    for (const [a, b] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      a.setNoDelay(true);
      a.on("error", () => b.destroy());
      a.on("close", () => b.destroy());
      a.pipe(b);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(from.port, from.host, resolve);
  });
  return server;
}
