import { countsDisagree } from "./disagreement.ts";
import type { RetiredReason } from "./license.ts";
import { leftOutOf, type Supersession, takesPrecedence } from "./precedence.ts";
import {
  reasonAmong,
  type SwitchFacts,
  type SwitchLicense,
  type TenantFacts,
  tenantSources,
} from "./switch-facts.ts";
import { addTotals, type SwitchTotals, totalsOf } from "./switch-totals.ts";
import type { SwitchObstacle, SwitchScope, TenantChoice } from "./switching.ts";

/** A switch as somebody asks for it. */
export interface SwitchPlan extends SwitchScope {
  readonly choices: readonly { readonly tenantId: string; readonly choice: TenantChoice }[];
}

/** A license before and after; `counterpart` is the higher source's license of the same tenant and skuId. */
export interface SwitchedLicense
  extends Omit<SwitchLicense, "retiredReason" | "flags" | "reported" | "available"> {
  readonly now: RetiredReason | null;
  readonly after: RetiredReason | null;
  readonly counterpart: {
    readonly licenseId: string;
    readonly entitled: number | null;
    readonly consumed: number | null;
    /** Counterpart minus license. Seats; null when either is unknown. */
    readonly difference: { readonly entitled: number | null; readonly consumed: number | null };
  } | null;
  /** The counts differ by more than a third of the larger one. */
  readonly disagrees: boolean;
}

export interface SwitchTenant {
  readonly tenantId: string;
  readonly tenantName: string;
  /** The higher source's connection there; null = none that has completed its first import. */
  readonly successor: { readonly connectionId: string; readonly asOf: string | null } | null;
  readonly licenses: number;
  readonly unmatched: number;
  readonly before: SwitchTotals;
  readonly after: SwitchTotals;
  /** Null where none is needed, or none was made yet: the numbers then follow the rule, which retires. */
  readonly choice: TenantChoice | null;
  readonly needsChoice: boolean;
}

export interface SwitchPreview extends SwitchScope {
  readonly tenants: readonly SwitchTenant[];
  /** Licenses of lower sources, those without a counterpart and those that disagree first. */
  readonly licenses: readonly SwitchedLicense[];
  /** The higher source's licenses that nobody reports below it. */
  readonly added: readonly SwitchedLicense[];
  readonly before: SwitchTotals;
  readonly after: SwitchTotals;
  /** What stands in the way, the first that fits; `counts-disagree` can be confirmed. */
  readonly obstacle: SwitchObstacle | null;
  /** Connections whose licenses begin or cease to count. */
  readonly changed: readonly string[];
}

/** What a plan puts into force. Tenants without a choice follow the rule: the whole workspace. */
const plannedSupersession = (plan: SwitchPlan): Supersession =>
  plan.tenantId === null
    ? { by: "saas-management", keptTenantIds: chosen(plan, "keep") }
    : { by: plan.by, tenantId: plan.tenantId };

const chosen = (plan: SwitchPlan, choice: TenantChoice): readonly string[] =>
  plan.choices.flatMap((one) => (one.choice === choice ? [one.tenantId] : []));

const difference = (a: number | null, b: number | null): number | null =>
  a === null || b === null ? null : a - b;

const disagree = (a: number | null, b: number | null): boolean =>
  a !== null && b !== null && countsDisagree(a, b);

interface Seen {
  readonly license: SwitchLicense;
  readonly now: RetiredReason | null;
  readonly after: RetiredReason | null;
}

const compare = ({ license, now, after }: Seen, twin: SwitchLicense | null): SwitchedLicense => ({
  licenseId: license.licenseId,
  connectionId: license.connectionId,
  source: license.source,
  tenantId: license.tenantId,
  skuId: license.skuId,
  productName: license.productName,
  partNumber: license.partNumber,
  type: license.type,
  now,
  after,
  entitled: license.entitled,
  consumed: license.consumed,
  counterpart:
    twin === null
      ? null
      : {
          licenseId: twin.licenseId,
          entitled: twin.entitled,
          consumed: twin.consumed,
          difference: {
            entitled: difference(twin.entitled, license.entitled),
            consumed: difference(twin.consumed, license.consumed),
          },
        },
  disagrees:
    twin !== null &&
    now === null &&
    (disagree(twin.entitled, license.entitled) || disagree(twin.consumed, license.consumed)),
});

const pairOf = (license: SwitchLicense): string => `${license.tenantId} ${license.skuId}`;

interface TenantView {
  readonly tenant: SwitchTenant;
  readonly licenses: readonly SwitchedLicense[];
  readonly added: readonly SwitchedLicense[];
  readonly changed: readonly string[];
}

function viewTenant(
  facts: TenantFacts,
  plan: SwitchPlan,
  after: readonly Supersession[],
): TenantView {
  const { tenantId, connections } = facts;
  const before = tenantSources(facts, facts.supersessions);
  const then = tenantSources(facts, after);
  const seen = facts.licenses.map(
    (license): Seen => ({
      license,
      now: license.retiredReason,
      after: reasonAmong(license, then),
    }),
  );
  const higher = seen.filter(({ license }) => license.source === plan.by);
  const lower = seen.filter(({ license }) => takesPrecedence(plan.by, license.source));
  const twins = new Map(
    higher.flatMap(({ license }) => (license.skuId === null ? [] : [[pairOf(license), license]])),
  );
  const below = new Set(lower.map(({ license }) => pairOf(license)));
  const licenses = lower.map((one) => compare(one, twins.get(pairOf(one.license)) ?? null));
  const successor = connections.find((one) => one.source === plan.by);
  return {
    tenant: {
      tenantId,
      tenantName: connections[0]?.tenantName ?? tenantId,
      successor:
        successor === undefined
          ? null
          : { connectionId: successor.connectionId, asOf: successor.directoryAsOf },
      licenses: licenses.length,
      unmatched: licenses.filter(({ counterpart }) => counterpart === null).length,
      before: totalsOf(seen.filter(({ now }) => now === null).map(({ license }) => license)),
      after: totalsOf(seen.filter((one) => one.after === null).map(({ license }) => license)),
      choice: plan.choices.find((choice) => choice.tenantId === tenantId)?.choice ?? null,
      needsChoice: plan.tenantId === null && successor === undefined,
    },
    licenses,
    added: higher
      .filter(({ license }) => license.skuId === null || !below.has(pairOf(license)))
      .map((one) => compare(one, null)),
    changed: connections
      .filter(({ source }) => leftOutOf(source, before) !== leftOutOf(source, then))
      .map(({ connectionId }) => connectionId),
  };
}

/** Tenants the plan is about: those with a connection of the source or below it. */
function tenantsOf(facts: SwitchFacts, scope: SwitchScope): readonly TenantFacts[] {
  const connections = Map.groupBy(facts.connections, ({ tenantId }) => tenantId);
  const licenses = Map.groupBy(facts.licenses, ({ tenantId }) => tenantId);
  return [...connections].flatMap(([tenantId, own]) =>
    (scope.tenantId === null || scope.tenantId === tenantId) &&
    own.some(({ source }) => !takesPrecedence(source, scope.by))
      ? [{ ...facts, tenantId, connections: own, licenses: licenses.get(tenantId) ?? [] }]
      : [],
  );
}

const attention = (license: SwitchedLicense): number => {
  if (license.disagrees) return 0;
  if (license.counterpart === null && license.after !== license.now) return 1;
  return license.after === license.now ? 3 : 2;
};

/** Rows that need a person first; the order within stays. */
const byAttention = (licenses: readonly SwitchedLicense[]): readonly SwitchedLicense[] =>
  [...licenses].sort((a, b) => attention(a) - attention(b));

function view(facts: SwitchFacts, plan: SwitchPlan, after: readonly Supersession[]): SwitchPreview {
  const views = tenantsOf(facts, plan).map((tenant) => viewTenant(tenant, plan, after));
  const tenants = views.map(({ tenant }) => tenant);
  return {
    by: plan.by,
    tenantId: plan.tenantId,
    tenants,
    licenses: byAttention(views.flatMap(({ licenses }) => licenses)),
    added: views.flatMap(({ added }) => added),
    before: addTotals(tenants.map((tenant) => tenant.before)),
    after: addTotals(tenants.map((tenant) => tenant.after)),
    obstacle: null,
    changed: views.flatMap(({ changed }) => changed),
  };
}

/**
 * What a switch would do, from the figures as they are: status of each license now and after, its counterpart by tenant
 * and skuId (never by name), differences, totals, and what stands in the way. Source: DESIGN §5 Superseding.
 */
export function previewSwitch(facts: SwitchFacts, asked: SwitchPlan): SwitchPreview {
  const plan = { ...asked, choices: asked.choices.filter(isNeeded(facts, asked)) };
  const preview = view(facts, plan, [...facts.supersessions, plannedSupersession(plan)]);
  return { ...preview, obstacle: obstacleOf(facts, preview) };
}

/** A tenant that has got a successor meanwhile needs no choice any more. */
const isNeeded =
  (facts: SwitchFacts, scope: SwitchScope) =>
  ({ tenantId }: { readonly tenantId: string }): boolean =>
    !facts.connections.some((one) => one.tenantId === tenantId && one.source === scope.by);

/** The same for taking a supersession back: `remaining` is what stays in force. */
export const previewUndo = (
  facts: SwitchFacts,
  scope: SwitchScope,
  remaining: readonly Supersession[],
): SwitchPreview => view(facts, { ...scope, choices: [] }, remaining);

function obstacleOf(facts: SwitchFacts, preview: SwitchPreview): SwitchObstacle | null {
  const { tenants } = preview;
  if (tenants.every(({ successor }) => successor === null)) return { kind: "not-imported" };
  const inScope = new Set(tenants.map(({ tenantId }) => tenantId));
  const below = facts.connections.some(
    ({ source, tenantId }) => takesPrecedence(preview.by, source) && inScope.has(tenantId),
  );
  if (!below) return { kind: "nothing-to-supersede" };
  const undecided = tenants.filter(({ needsChoice, choice }) => needsChoice && choice === null);
  if (undecided.length > 0) {
    return { kind: "undecided-tenants", tenantIds: undecided.map(({ tenantId }) => tenantId) };
  }
  const disagreeing = preview.licenses.filter((license) => license.disagrees).length;
  return disagreeing > 0 ? { kind: "counts-disagree", licenses: disagreeing } : null;
}

/**
 * Licenses of the higher source whose SKU is not known: nothing below them can be their counterpart, and nobody can tell
 * whether they stand for what is retired. Source: DESIGN §2 License.
 */
export const unmappedLicenses = (preview: SwitchPreview): readonly SwitchedLicense[] =>
  preview.added.filter(({ skuId, after }) => skuId === null && after === null);

/** Of a person's choices those about tenants that need one. */
export const choicesInForce = (preview: SwitchPreview, choice: TenantChoice): readonly string[] =>
  preview.tenants
    .filter((tenant) => tenant.needsChoice && tenant.choice === choice)
    .map(({ tenantId }) => tenantId);
