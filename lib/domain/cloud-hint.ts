import type { Cloud } from "./connection.ts";

/** Endings of the domains Microsoft gives each tenant of a national cloud. Source: reference/microsoft-graph.md §1.5. */
const endings: readonly {
  readonly ending: RegExp;
  readonly clouds: readonly Cloud[];
  readonly name: string;
}[] = [
  {
    ending: /\.onmicrosoft\.us$/,
    clouds: ["us-gov-l4", "us-gov-l5"],
    name: "US Government (L4 or L5)",
  },
  { ending: /\.(partner\.)?onmschina\.cn$/, clouds: ["china"], name: "China (21Vianet)" },
];

/** What a typed domain says of its tenant's cloud when another one is chosen; null when it says nothing or agrees. */
export function cloudHint(tenant: string, chosen: Cloud): string | null {
  const domain = tenant.trim().toLowerCase();
  const known = endings.find(({ ending }) => ending.test(domain));
  if (known === undefined || known.clouds.includes(chosen)) return null;
  return `${domain} looks like a tenant of ${known.name}. Choose that cloud, or check the domain.`;
}
