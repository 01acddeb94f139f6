/** Answers as the service writes them, for tests. Ids and people are invented. */

export const orgId = "28010";

export const managedAppsPage = {
  values: [
    {
      id: 4711,
      name: "Microsoft 365 Contoso",
      appId: "a-77",
      appName: "Office 365",
      vendorName: "Microsoft",
      isActive: true,
      categoryName: "Collaboration",
      relatedApps: [
        { id: 4712, relation: "child", href: `/orgs/${orgId}/managed-apps/4712` },
        { id: 12, relation: "parent", href: `/orgs/${orgId}/managed-apps/12` },
      ],
      licenses: [
        {
          id: "lic-1",
          name: "Microsoft 365 E3",
          terms: [
            {
              termType: "annual",
              totalActive: 120,
              annualCost: 43_200.5,
              currency: "EUR",
              startsAt: "2026-01-01T00:00:00Z",
              endsAt: "2026-12-31T00:00:00Z",
            },
          ],
        },
      ],
    },
  ],
};

export const childApp = {
  id: 4712,
  name: "Visio",
  appName: "Visio",
  vendorName: "Microsoft",
  isActive: true,
};

export const appUsersPage = {
  values: [
    {
      uniqueId: "6e7b9f0a-5f3b-4c1d-9a75-1d9e6f1f2a01",
      email: "ada@contoso.example",
      firstName: "Ada",
      middleName: null,
      lastName: "Muster",
      activatedAt: "2025-03-01T08:00:00Z",
      deactivatedAt: null,
      sku: "SPE_E3",
      skus: ["SPE_E3", "VISIOCLIENT"],
    },
    {
      uniqueId: "6e7b9f0a-5f3b-4c1d-9a75-1d9e6f1f2a02",
      email: "bo@contoso.example",
      firstName: "Bo",
      lastName: "Example",
      activatedAt: "2024-03-01",
      deactivatedAt: "2026-02-01T00:00:00Z",
      skus: "SPE_E3, POWER_BI_PRO",
    },
  ],
};
