import { localWebVariables } from "../cli/local/environments.ts";
import type { LocalStack } from "../cli/local/stack.ts";
import { type ProcessGroup, prefixed } from "../cli/processes.ts";

/** Starts the built web program of an installation. `directories`: tenants people may sign in from beside the simulator's. */
export function startWeb(
  group: ProcessGroup,
  stack: LocalStack,
  directories: readonly string[] = [],
): void {
  group.start({
    name: "web",
    args: ["node_modules/next/dist/bin/next", "start", "--port", String(stack.port)],
    env: {
      ...localWebVariables(stack, stack.urls.web),
      SIGN_IN_TENANTS: [stack.simulator.signIn.homeTenantId, ...directories].join(","),
      NODE_ENV: "production",
    },
    onLine: prefixed("web"),
  });
}
