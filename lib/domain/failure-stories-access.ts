import { clouds } from "./connection.ts";
import { cloudLabels } from "./connection-labels.ts";
import type { FailureContext } from "./failure-context.ts";
import { factOf, fixed, story, type Telling, tenantOf } from "./failure-story.ts";
import type { UtcDay } from "./license.ts";
import { saasRegionLabels, saasRegions } from "./saas-organisation.ts";
import { dayInWords } from "./utc-day.ts";

/** The multi-tenant app's credential is ours: a customer cannot repair it. */
const renewing = (context: FailureContext, customer: string): string =>
  context.method === "multi-tenant-app"
    ? "Tell whoever runs this installation: the credential of its multi-tenant app has to be renewed."
    : customer;

const consentAgain: Telling = (_failure, context) =>
  story(
    `Microsoft no longer knows our app in ${tenantOf(context)}: the consent was withdrawn or the enterprise application deleted.`,
    "Ask a Global Administrator of the tenant to consent again.",
  );

const saasManagement = {
  "saas-credential-refused": (failure) =>
    story(
      factOf(failure, "oauthError") === "invalid_grant"
        ? "SaaS Management refused the credential: it expired or was revoked, or it belongs to another region."
        : "SaaS Management refused the credential: it is not known there.",
      "Check the region, create a new refresh token or client secret there, and enter it.",
    ),
  "saas-credential-missing": fixed(
    "The organisation has no credential that was verified.",
    "Enter one in Settings, Integrations.",
  ),
  "saas-wrong-region": (failure) => {
    const region = saasRegions.find((one) => one === factOf(failure, "region"));
    const name = region === undefined ? "another region" : saasRegionLabels[region];
    return story(
      `This organisation is not in the chosen region: SaaS Management in ${name} knows it.`,
      `Choose ${region === undefined ? "that region" : name} and enter the credential again.`,
    );
  },
  "saas-token-refused": fixed(
    "SaaS Management does not accept its own token for this organisation.",
    "Check that the credential belongs to this organisation, then verify again.",
  ),
  "saas-role-missing": fixed(
    "SaaS Management does not let this credential read the organisation's applications.",
    "Ask an administrator of the organisation to give it a role that may view SaaS Management.",
  ),
  "saas-app-gone": fixed(
    "SaaS Management no longer lists the managed application of this tenant.",
    "Look for it in SaaS Management; if it was replaced by another, disconnect here and connect that one.",
  ),
  "saas-not-found": fixed(
    "SaaS Management does not know this organisation or application in the chosen region.",
    "Check the organisation's id and the region; an application may have been removed there.",
  ),
} as const satisfies Record<string, Telling>;

const endOfCertificate = ({ credential }: FailureContext): UtcDay | null =>
  credential?.kind === "certificate" ? credential.expiresOn : null;

const credential = {
  "secret-wrong": (_failure, context) =>
    story(
      "Microsoft refused the secret: it is not one of this app registration. Often the secret's ID was pasted instead of its value.",
      renewing(
        context,
        "Copy the value of the secret (shown once, when it is created) and enter it.",
      ),
    ),
  "secret-expired": (_failure, context) => {
    // A day somebody entered, which may be wrong: Microsoft's word that it is over stands beside it.
    const entered = context.credential?.expiresOn;
    const end = entered ? ` The end entered for it is ${dayInWords(entered)}.` : "";
    return story(
      `Microsoft refused the secret: it has expired.${end}`,
      renewing(context, "Create a new secret in the app registration and enter it."),
    );
  },
  "certificate-rejected": (_failure, context) => {
    const endsOn = endOfCertificate(context);
    return story(
      `Microsoft refused the certificate${endsOn === null ? "" : `, which is valid until ${dayInWords(endsOn)}`}: it is not among those registered for this app.`,
      renewing(
        context,
        "Upload the public part of this certificate in the app registration, or replace the certificate here.",
      ),
    );
  },
  "certificate-expired": (_failure, context) => {
    const endsOn = endOfCertificate(context);
    return story(
      `Microsoft refused the certificate: it ${endsOn === null ? "has expired" : `expired on ${dayInWords(endsOn)}`}.`,
      renewing(
        context,
        "Replace the certificate: make a key pair here, upload its public part in the app registration, and verify.",
      ),
    );
  },
  "check-replaced": fixed(
    "A newer check of this connection took the place of this one.",
    "Look at the newest check.",
  ),
  disconnected: fixed("The connection was disconnected.", "Connect the tenant again to read it."),
  "clock-skew": fixed(
    "Microsoft refused our sign-in because it was not valid at the time: a clock is wrong.",
    "Tell whoever runs this installation: the worker's clock has to be set.",
  ),
  "app-not-in-tenant": (_failure, context) =>
    context.method === "registered-app"
      ? story(
          `Microsoft does not find this app in ${tenantOf(context)}.`,
          "Check that client id and tenant belong together, and that the app registration still exists. Another app of the tenant can be entered with its credential.",
        )
      : consentAgain(_failure, context),
  "app-disabled": (_failure, context) =>
    story(
      `The enterprise application is switched off in ${tenantOf(context)}.`,
      "Ask an administrator to enable sign-in for it: Entra ID, Enterprise applications, Properties.",
    ),
  "consent-revoked": consentAgain,
  "token-refused": (_failure, context) =>
    story(
      "Microsoft refused our credential.",
      renewing(context, "Check the app registration and enter a new credential."),
    ),
  "credential-unreadable": fixed(
    "The stored credential can no longer be opened: its encryption key is missing.",
    "Enter the credential again, or tell whoever runs this installation to restore the key.",
  ),
  "credential-missing": fixed(
    "No credential is stored for this connection.",
    "Enter the client id and a secret or certificate.",
  ),
} as const satisfies Record<string, Telling>;

const permission = {
  "permission-missing": (failure) =>
    story(
      failure.permission === undefined
        ? "Microsoft refused to give this: a permission is missing."
        : `Microsoft refused to give this: the permission ${failure.permission} is missing.`,
      "Ask a Global Administrator to grant it, then verify the connection again.",
    ),
  "consent-declined": fixed(
    "Consent was not given at Microsoft.",
    "Start the consent again, or send the link to an administrator of the tenant.",
  ),
  "consent-needs-administrator": fixed(
    "The person who signed in may not consent for the tenant.",
    "Ask a Global Administrator or Privileged Role Administrator to consent.",
  ),
} as const satisfies Record<string, Telling>;

const tenant = {
  "not-offered-in-cloud": (_failure, context) =>
    story(
      `Microsoft does not offer this in the cloud of ${tenantOf(context)}.`,
      "Nothing to do: everything else is imported.",
    ),
  "not-in-saas-management": fixed(
    "SaaS Management does not tell this.",
    "Nothing to do: everything else is imported.",
  ),
  "not-in-package": fixed(
    "The uploaded package does not bring this.",
    "Nothing to do: everything else is imported.",
  ),
  "not-licensed": (_failure, context) =>
    story(
      `Microsoft gives sign-ins only to tenants with Entra ID P1 or P2, which ${tenantOf(context)} lacks.`,
      "Nothing to do: everything else is imported.",
    ),
  "tenant-not-found": (_failure, context) =>
    story(
      `Microsoft does not know ${tenantOf(context)}.`,
      "Check the tenant id or domain for a typing error, and the cloud.",
    ),
  "tenant-other-cloud": (failure, context) => {
    const cloud = clouds.find((each) => each === factOf(failure, "cloud"));
    return cloud === undefined
      ? story(
          `Microsoft keeps ${tenantOf(context)} in another cloud than the one chosen.`,
          "Choose the right cloud: Global, US Government or China.",
        )
      : story(
          `Microsoft keeps ${tenantOf(context)} in the cloud ${cloudLabels[cloud]}, not in the one chosen.`,
          `Choose ${cloudLabels[cloud]} and verify again.`,
        );
  },
  "tenant-blocked": (_failure, context) =>
    story(
      `Microsoft does not give access to ${tenantOf(context)}: it is blocked or deleted.`,
      "Check with the tenant's administrator whether it still exists.",
    ),
  "tenant-refused": (_failure, context) =>
    story(
      `Microsoft does not let us read ${tenantOf(context)}.`,
      "Check the tenant id and the cloud, then verify the connection again.",
    ),
  "tenant-mismatch": (_failure, context) =>
    story(
      `The credential belongs to another tenant than ${tenantOf(context)}.`,
      "Check the tenant id, or connect the other tenant by itself.",
    ),
  "account-not-in-tenant": (_failure, context) =>
    story(
      `The account that signed in does not belong to ${tenantOf(context)}.`,
      "Sign in with an administrator account of the tenant itself.",
    ),
} as const satisfies Record<string, Telling>;

/** Why a sign-in did not prove the tenant. Source: DESIGN §7 step 3a, fault-catalogue C4, C20, C21. */
const proof = {
  "not-administrator": (_failure, context) =>
    story(
      `The person who signed in is no administrator of ${tenantOf(context)}.`,
      "Sign in as a Global Administrator or Privileged Role Administrator. A role that is only eligible must be activated in Privileged Identity Management first.",
    ),
  "no-role-claim": fixed(
    "Microsoft named no administrator role for the person who signed in: the role is only eligible, not activated, or the app registration does not ask for roles.",
    "Activate the role in Privileged Identity Management, wait a minute, and sign in again.",
  ),
  guest: (_failure, context) =>
    story(
      `The person who signed in is a guest in ${tenantOf(context)}.`,
      "Sign in with an administrator account that belongs to the tenant.",
    ),
  "other-tenant": fixed(
    "The person who signed in belongs to another tenant than the one that consented.",
    "Sign in with an administrator account of the tenant that consented.",
  ),
  "domain-of-other-tenant": (failure) =>
    story(
      `The domain ${failure.facts?.domain ?? "that was entered"} does not belong to the tenant that was approved.`,
      "Sign in with an administrator account of the entered tenant, or change the tenant under “Tenant and cloud”.",
    ),
  "invalid-token": fixed(
    "Microsoft's answer to the sign-in does not belong to this attempt.",
    "Start the sign-in again.",
  ),
  "code-refused": fixed(
    "Microsoft refused the sign-in: it was used already or took too long.",
    "Start the sign-in again.",
  ),
  "proof-incomplete": fixed(
    "The sign-in at Microsoft was not finished.",
    "Start the sign-in again.",
  ),
  "tenant-claimed-elsewhere": (_failure, context) =>
    story(
      `${tenantOf(context)} is connected in another workspace of this installation.`,
      context.method === "registered-app"
        ? "Connect it with the multi-tenant app: an administrator of the tenant who signs in can move it here. Or ask that workspace to disconnect it."
        : "As the administrator who signed in you can move it here. Or ask that workspace to disconnect it.",
    ),
  "connected-already": (_failure, context) =>
    story(
      `${tenantOf(context)} is connected in this workspace already.`,
      "Use the connection that exists, and disconnect this one.",
    ),
} as const satisfies Record<string, Telling>;

/** Failures of credentials, permissions, tenants and proof, by code. Source: fault-catalogue §1, B16. */
export const accessStories = {
  ...credential,
  ...permission,
  ...tenant,
  ...proof,
  ...saasManagement,
};
