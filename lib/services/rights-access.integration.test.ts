import { randomUUID } from "node:crypto";
import { createHandOff } from "./create-hand-off.ts";
import { enterCredential } from "./enter-credential.ts";
import { enterCredentialExpiry } from "./enter-credential-expiry.ts";
import { getConnectProgress } from "./get-connect-progress.ts";
import { getKeyPair, getKeyPairCertificate } from "./get-key-pair.ts";
import { getVerification } from "./get-verification.ts";
import { listCredentials } from "./list-credentials.ts";
import { listHandOffs } from "./list-hand-offs.ts";
import { listVerifications } from "./list-verifications.ts";
import { replaceCredential } from "./replace-credential.ts";
import { requestKeyPair } from "./request-key-pair.ts";
import { revokeHandOff } from "./revoke-hand-off.ts";
import { startConsent } from "./start-consent.ts";
import { startVerification } from "./start-verification.ts";
import { admins, credential, describeRights, everybody } from "./testing/rights.ts";
import { verifyKeyPair } from "./verify-key-pair.ts";

/** Who may do what with verifications, credentials, consent and hand-offs. Source: DESIGN §2. */
describeRights([
  {
    name: "listVerifications",
    allowed: everybody,
    names: "connectionId",
    call: (ctx, { connectionId }) => listVerifications(ctx, { connectionId }),
  },
  {
    name: "getVerification",
    allowed: everybody,
    names: "verificationId",
    call: (ctx, { verificationId }) => getVerification(ctx, { verificationId }),
  },
  { name: "listCredentials", allowed: everybody, names: null, call: (ctx) => listCredentials(ctx) },
  {
    name: "enterCredentialExpiry",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) =>
      enterCredentialExpiry(ctx, { connectionId, expiresOn: "2027-05-31" }),
  },
  {
    name: "replaceCredential",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => replaceCredential(ctx, { connectionId: draftId, credential }),
  },
  {
    name: "enterCredential",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) =>
      enterCredential(ctx, { connectionId: draftId, clientId: randomUUID(), credential }),
  },
  {
    name: "requestKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => requestKeyPair(ctx, { connectionId: draftId }),
  },
  {
    name: "getKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => getKeyPair(ctx, { connectionId: draftId }),
  },
  {
    name: "getKeyPairCertificate",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => getKeyPairCertificate(ctx, { connectionId: draftId }),
  },
  {
    name: "verifyKeyPair",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) =>
      verifyKeyPair(ctx, { connectionId: draftId, credentialId: randomUUID() }),
  },
  {
    name: "startVerification",
    allowed: admins,
    names: "connectionId",
    call: (ctx, { connectionId }) => startVerification(ctx, { connectionId }),
  },
  {
    name: "startConsent",
    allowed: admins,
    names: "draftId",
    call: (ctx, { draftId }) => startConsent(ctx, { connectionId: draftId }),
  },
  {
    name: "createHandOff",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => createHandOff(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "listHandOffs",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => listHandOffs(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "getConnectProgress",
    allowed: admins,
    names: "consentDraftId",
    call: (ctx, { consentDraftId }) => getConnectProgress(ctx, { connectionId: consentDraftId }),
  },
  {
    name: "revokeHandOff",
    allowed: admins,
    names: "handOffId",
    call: (ctx, { handOffId }) => revokeHandOff(ctx, { handOffId }),
  },
]);
