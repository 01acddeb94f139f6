import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { CommandError } from "./command.ts";
import { readPort, requireFreePorts } from "./local/ports.ts";
import { createProcessGroup, type ProcessGroup } from "./processes.ts";

const groups: ProcessGroup[] = [];
afterEach(async () => {
  for (const group of groups.splice(0)) await group.stop();
});

/** Starts a program of one line in a group and waits until it has printed `up`. */
async function run(group: ProcessGroup, name: string, code: string, stopDeadlineMs = 5_000) {
  const lines: string[] = [];
  const { promise: isUp, resolve } = Promise.withResolvers<void>();
  group.start({
    name,
    args: ["-e", `${code}; console.log("up"); setInterval(() => undefined, 1000)`],
    env: { ONLY: "this" },
    stopDeadlineMs,
    onLine(line) {
      lines.push(line);
      if (line === "up") resolve();
    },
  });
  await isUp;
  return lines;
}

function newGroup(): ProcessGroup {
  const group = createProcessGroup();
  groups.push(group);
  return group;
}

test("a program gets the given variables and no others", async () => {
  const lines = await run(newGroup(), "a", "console.log(JSON.stringify(process.env))");
  expect(JSON.parse(lines[0] ?? "")).toEqual({ ONLY: "this" });
});

test("the last one started stops first; a second stop changes nothing", async () => {
  const order: string[] = [];
  const group = newGroup();
  for (const name of ["first", "second"]) {
    const child = group.start({
      name,
      args: ["-e", "setInterval(() => undefined, 1000)"],
      env: {},
      onLine: () => undefined,
    });
    child.once("exit", () => order.push(name));
  }
  await Promise.all([group.stop(), group.stop()]);
  expect(order).toEqual(["second", "first"]);
});

test("a program that ignores SIGTERM is killed at its deadline", async () => {
  const group = newGroup();
  await run(group, "deaf", 'process.on("SIGTERM", () => undefined)', 200);
  const from = performance.now();
  await group.stop();
  expect(performance.now() - from).toBeGreaterThanOrEqual(190);
});

test("the first program that ends by itself is told with its exit code", async () => {
  const group = newGroup();
  await run(group, "stays", "");
  group.start({ name: "ends", args: ["-e", "process.exit(7)"], env: {}, onLine: () => undefined });
  expect(await group.ended).toEqual({ name: "ends", code: 7 });
});

test("taken and doubled ports are told with the variables that change them", async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  const host = "127.0.0.1";
  try {
    const taken = requireFreePorts([
      { variable: "PORT", host, port },
      { variable: "SIMULATOR_PORT", host, port },
    ]);
    await expect(taken).rejects.toThrow(
      `Port ${port} is taken. Set PORT to another port.\nPORT and SIMULATOR_PORT are both ${port}.`,
    );
  } finally {
    server.close();
  }
});

test("a port variable is a port, or its default", () => {
  expect(readPort({ PORT: "8080" }, "PORT", 3000)).toBe(8080);
  expect(readPort({ PORT: " " }, "PORT", 3000)).toBe(3000);
  for (const wrong of ["http", "0", "65536", "3000.5"]) {
    expect(() => readPort({ PORT: wrong }, "PORT", 3000)).toThrow(CommandError);
  }
});
