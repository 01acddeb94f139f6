import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const ip = (...args: readonly string[]) => run("ip", [...args]);

/** Prefix of everything made here, so that what an earlier run left can be removed. */
const prefix = "slh";
const bridge = `${prefix}-bridge`;
const subnet = "10.231.77";

/** Where the database and Microsoft are, as seen from the hosts. */
export const centre = `${subnet}.1`;
export const hostNetwork = `${subnet}.0/24`;

/** A machine of its own as far as the network goes: a network namespace with one wire to the centre. */
export interface NetworkHost {
  readonly name: string;
  readonly address: string;
  /** What a command line starts with to run there. */
  readonly enter: readonly string[];
  /** Pulls the wire: nothing arrives and nothing is told, as when the power fails. */
  unplug(): Promise<void>;
  plug(): Promise<void>;
}

/** Network namespaces around one bridge. Needs root and iproute2. */
export interface HostNetwork {
  readonly hosts: readonly NetworkHost[];
  close(): Promise<void>;
}

/** Throws when namespaces cannot be made here. */
export async function createHostNetwork(names: readonly string[]): Promise<HostNetwork> {
  await removeAll();
  await ip("link", "add", bridge, "type", "bridge");
  await ip("address", "add", `${centre}/24`, "dev", bridge);
  await ip("link", "set", bridge, "up");
  const hosts: NetworkHost[] = [];
  for (const [index, name] of names.entries()) hosts.push(await addHost(name, index + 2));
  return { hosts, close: removeAll };
}

async function addHost(name: string, last: number): Promise<NetworkHost> {
  const space = `${prefix}-${name}`;
  const [outside, inside] = [`${prefix}${last}o`, `${prefix}${last}i`];
  const address = `${subnet}.${last}`;
  const within = (...args: readonly string[]) => ip("-n", space, ...args);
  await ip("netns", "add", space);
  await ip("link", "add", outside, "type", "veth", "peer", "name", inside, "netns", space);
  await ip("link", "set", outside, "master", bridge, "up");
  await within("address", "add", `${address}/24`, "dev", inside);
  await within("link", "set", inside, "up");
  await within("link", "set", "lo", "up");
  return {
    name,
    address,
    enter: ["ip", "netns", "exec", space],
    unplug: async () => void (await ip("link", "set", outside, "nomaster")),
    plug: async () => void (await ip("link", "set", outside, "master", bridge)),
  };
}

/** Namespaces take their end of each wire with them, and with it the other. */
async function removeAll(): Promise<void> {
  const { stdout } = await ip("-j", "netns", "list");
  const listed = JSON.parse(stdout.trim() || "[]") as readonly { readonly name: string }[];
  for (const { name } of listed) {
    if (name.startsWith(`${prefix}-`)) await ip("netns", "delete", name);
  }
  await ip("link", "delete", bridge).catch(() => undefined);
}
