/**
 * Service plans that bring a mailbox, as in Microsoft's product table. Not among them: EXCHANGE_S_FOUNDATION (a
 * technical plan of nearly every SKU) and the archiving plans (they add to a mailbox).
 */
export const mailboxPlans: readonly { readonly planId: string; readonly name: string }[] = [
  { planId: "4a82b400-a79f-41a4-b4e2-e94f5787b113", name: "EXCHANGE_S_DESKLESS" },
  { planId: "88f4d7ef-a73b-4246-8047-516022144c9f", name: "EXCHANGE_S_DESKLESS_GOV" },
  { planId: "1126bef5-da20-4f07-b45e-ad25d2581aa8", name: "EXCHANGE_S_ESSENTIALS" },
  { planId: "9aaf7827-d63c-4b61-89c3-182f06f82e5c", name: "EXCHANGE_S_STANDARD" },
  { planId: "e9b4930a-925f-45e2-ac2a-3f7788ca6fdd", name: "EXCHANGE_S_STANDARD_GOV" },
  { planId: "fc52cc4b-ed7d-472d-bbe7-b081c23ecc56", name: "EXCHANGE_S_STANDARD_MIDMARKET" },
  { planId: "d42bdbd6-c335-4231-ab3d-c8f348d5aff5", name: "EXCHANGE_L_STANDARD" },
  { planId: "90927877-dcff-4af6-b346-2332c0b15bb7", name: "EXCHANGE_B_STANDARD" },
  { planId: "efb87545-963c-4e0d-99df-69c6916d9eb0", name: "EXCHANGE_S_ENTERPRISE" },
  { planId: "8c3069c0-ccdb-44be-ab77-986203a67df2", name: "EXCHANGE_S_ENTERPRISE_GOV" },
];

/** Ids of `mailboxPlans`, lower case, for set-wise work. */
export const mailboxPlanIds: readonly string[] = mailboxPlans.map((plan) => plan.planId);

/**
 * Whether a license brings its holder a mailbox: one of its plans does and is not switched off for the user. Ids in any
 * case. Source: DESIGN §5 Left out, reference/microsoft-graph.md §5 rule 11.
 */
export const bringsMailbox = (
  planIds: readonly string[],
  disabledPlanIds: readonly string[] = [],
): boolean => {
  const disabled = new Set(disabledPlanIds.map((id) => id.toLowerCase()));
  return planIds.some((id) => {
    const planId = id.toLowerCase();
    return mailboxPlanIds.includes(planId) && !disabled.has(planId);
  });
};
