import { createServer } from "node:net";
import { CommandError } from "../command.ts";

/** A port somebody may have to change: the variable that sets it is named when it is taken. */
export interface WantedPort {
  readonly variable: string;
  readonly host: string;
  readonly port: number;
}

/** Reads a port variable. Throws CommandError when it is no port. */
export function readPort(
  source: Readonly<Record<string, string | undefined>>,
  variable: string,
  standard: number,
): number {
  const text = source[variable]?.trim();
  const port = text ? Number(text) : standard;
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new CommandError(`${variable} must be a port number (1 to 65535).`);
  }
  return port;
}

/** Throws CommandError, one line per port, when any of them is taken or asked for twice. */
export async function requireFreePorts(wanted: readonly WantedPort[]): Promise<void> {
  const seen = new Map<number, string>();
  const problems: string[] = [];
  for (const { variable, host, port } of wanted) {
    const twin = seen.get(port);
    seen.set(port, variable);
    if (twin !== undefined) problems.push(`${twin} and ${variable} are both ${port}.`);
    else if (!(await isFree(host, port))) {
      problems.push(`Port ${port} is taken. Set ${variable} to another port.`);
    }
  }
  if (problems.length > 0) throw new CommandError(problems.join("\n"));
}

function isFree(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once("error", () => resolve(false));
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve(true)));
  });
}
