import { tmpdir } from "node:os";
import { join } from "node:path";

const port = Number(process.env.E2E_PORT ?? 3210);

/**
 * Where the installation under test lives: `E2E_PORT` and the three ports after it, data in a temporary folder. The four
 * ports after those are for the one test that has an installation of its `own` (own-stack.ts).
 */
export const installation = {
  port,
  appUrl: `http://localhost:${port}`,
  simulator: { login: port + 1, reports: port + 2, graph: port + 3 },
  simulatorUrl: `http://127.0.0.1:${port + 1}`,
  dataDir: join(tmpdir(), `seatledger-e2e-${port}`),
  own: { port: port + 4 },
} as const;

/**
 * Tenants people may sign in from (SIGN_IN_TENANTS is fixed at the start): each test borrows one for the people of its
 * own workspace and gives it back.
 */
export const directoryIds: readonly string[] = Array.from(
  { length: 12 },
  (_, index) => `e2e00000-0000-4000-8000-${String(index).padStart(12, "0")}`,
);
