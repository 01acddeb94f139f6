import { sourceLabels } from "./connection-labels.ts";
import type { SupersedingSource } from "./precedence.ts";

/** What happens to a tenant in which the higher source has no successor: as the rule says, or kept as it is. */
export const tenantChoices = ["retire", "keep"] as const;
export type TenantChoice = (typeof tenantChoices)[number];

/** A choice for each tenant it was made for. */
export const choicesOf = (made: {
  readonly keptTenantIds: readonly string[];
  readonly retiredTenantIds: readonly string[];
}): readonly { readonly tenantId: string; readonly choice: TenantChoice }[] => [
  ...made.keptTenantIds.map((tenantId) => ({ tenantId, choice: "keep" as const })),
  ...made.retiredTenantIds.map((tenantId) => ({ tenantId, choice: "retire" as const })),
];

/** What is to be switched: one tenant, or (SaaS Management) the whole workspace with a choice per tenant left alone. */
export interface SwitchScope {
  readonly by: SupersedingSource;
  /** Null = the whole workspace. */
  readonly tenantId: string | null;
}

/** Why a switch cannot be made as asked for. */
export type SwitchObstacle =
  | { readonly kind: "not-imported" }
  | { readonly kind: "nothing-to-supersede" }
  | { readonly kind: "undecided-tenants"; readonly tenantIds: readonly string[] }
  | { readonly kind: "counts-disagree"; readonly licenses: number };

/** Days a parallel run may last. */
export const parallelRunDays = { min: 1, max: 90 } as const;

const licenses = (count: number): string => (count === 1 ? "of 1 license" : `of ${count} licenses`);

/** What stands in the way and what to do, in a sentence each. */
export const obstacleText = (obstacle: SwitchObstacle, by: SupersedingSource): string => {
  const higher = sourceLabels[by];
  switch (obstacle.kind) {
    case "not-imported":
      return `${higher} has not completed its first import here. Nothing is retired before it has: import it first.`;
    case "nothing-to-supersede":
      return `Nothing is imported here by another connector, so there is nothing to retire.`;
    case "undecided-tenants":
      return obstacle.tenantIds.length === 1
        ? `1 tenant has no successor in ${higher}. Choose whether its licenses are retired all the same or kept; until then the numbers here take them as retired.`
        : `${obstacle.tenantIds.length} tenants have no successor in ${higher}. Choose for each whether its licenses are retired all the same or kept; until then the numbers here take them as retired.`;
    case "counts-disagree":
      return `The counts ${licenses(obstacle.licenses)} differ by more than a third. Look at them, then confirm that ${higher} is right.`;
    default:
      return obstacle satisfies never;
  }
};
