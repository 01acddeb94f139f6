import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server on loopback, so that the way between them can break. */
export interface TcpProxy {
  readonly port: number;
  /** Resets every open connection, and each new one for the next `outageMs`. */
  reset(outageMs: number): void;
  close(): Promise<void>;
}

const host = "127.0.0.1";

/** Forwards bytes both ways, unread. `target` is asked per connection: servers may be started later. */
export async function startTcpProxy(target: () => number): Promise<TcpProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let brokenUntil = 0;
  const server = createServer((client) => {
    if (Date.now() < brokenUntil) {
      client.on("error", () => undefined);
      client.resetAndDestroy();
      return;
    }
    const upstream = connect({ host, port: target() });
    const pair = [client, upstream] as const;
    pairs.add(pair);
    for (const [from, to] of [pair, [upstream, client] as const]) {
      from.setNoDelay(true);
      from.on("error", () => to.resetAndDestroy());
      from.on("close", () => {
        pairs.delete(pair);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, host, resolve);
  });
  const breakAll = () => {
    for (const sockets of pairs) for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: (server.address() as AddressInfo).port,
    reset(outageMs) {
      brokenUntil = Date.now() + outageMs;
      breakAll();
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        breakAll();
      }),
  };
}
