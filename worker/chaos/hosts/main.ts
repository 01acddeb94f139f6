import { parseArgs } from "node:util";
import { isClean, tryTwoHosts } from "./two-hosts.ts";

/**
 * `npm run chaos:hosts -- --users 20000 --json`: two workers on two hosts of one database share the work; one host drops
 * off the network, the other takes over; it comes back. Needs root and iproute2 (network namespaces). Exit code 1 when
 * a published row differs from the tenant or the takeover took longer than 60 s. Figures: docs/reliability.md.
 */
const { values } = parseArgs({
  options: {
    users: { type: "string", default: "20000" },
    json: { type: "boolean", default: false },
  },
});
const users = Number(values.users);
if (!Number.isSafeInteger(users) || users < 5000) {
  process.stderr.write(
    "--users takes a whole number from 5000: smaller tenants are read too soon.\n",
  );
  process.exit(2);
}
if (process.getuid?.() !== 0) {
  process.stderr.write("Network namespaces need root.\n");
  process.exit(2);
}

const report = await tryTwoHosts(users, (line) => process.stderr.write(`${line}\n`));
if (values.json) process.stdout.write(`${JSON.stringify(report)}\n`);
else for (const [name, value] of Object.entries(report)) console.log(`${name}:`, value);
process.exit(isClean(report) ? 0 : 1);
