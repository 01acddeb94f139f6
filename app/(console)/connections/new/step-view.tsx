import type { HandOffControls } from "#components/hand-off/hand-off-panel";
import { ConsentStep } from "#components/wizard/consent-step";
import { MethodCards } from "#components/wizard/method-cards";
import { RegisteredAppStep } from "#components/wizard/registered-app-step";
import { type CloudRefusals, TenantForm } from "#components/wizard/tenant-form";
import { VerifyStep } from "#components/wizard/verify-step";
import { azureCliScript, powershellScript, scriptName } from "#lib/domain/app-script";
import { type Cloud, clouds, type Method } from "#lib/domain/connection";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { getKeyPair } from "#lib/services/get-key-pair";
import { hrefWith } from "../../search-params.ts";
import {
  requestKeyPairAction,
  startImportAction,
  startVerificationAction,
  verifyKeyPairAction,
} from "../actions.ts";
import { AskForMissing } from "../ask-for-missing.tsx";
import {
  createHandOffAction,
  enterCredentialAction,
  moveTenantAction,
  revokeHandOffAction,
  saveTenantAction,
  startConsentAction,
} from "./actions.ts";
import { FirstImport } from "./first-import.tsx";
import type { WizardFacts } from "./wizard-facts.ts";
import type { WizardStep } from "./wizard-position.ts";

export const stepTexts: Readonly<
  Record<WizardStep, { readonly title: string; readonly intro: string }>
> = {
  method: {
    title: "Source and method",
    intro: "Where do the numbers come from, and who lets us read them?",
  },
  tenant: {
    title: "Tenant and cloud",
    intro: "What is the connection called, and where does Microsoft keep the tenant?",
  },
  consent: {
    title: "Consent at Microsoft",
    intro: "An administrator of the tenant approves what is listed here, and nothing else.",
  },
  credential: {
    title: "App and credential",
    intro:
      "Register an app in the tenant, let an administrator approve what it may read, and enter how it proves itself.",
  },
  verify: {
    title: "Verify",
    intro: "Does Microsoft let us in, and what may we read?",
  },
  "first-import": {
    title: "First import",
    intro:
      "The tenant is read once in full. Nothing is shown elsewhere until it was read to its end.",
  },
};

/** The one decision of a step. */
export async function WizardStepView(props: {
  readonly ctx: Ctx;
  readonly workspaceName: string;
  readonly facts: WizardFacts;
  readonly step: WizardStep;
  /** The method that is chosen or stored. */
  readonly method: Method;
}) {
  const { ctx, facts, step, method } = props;
  const { connection, progress } = facts;
  const { config } = ctx.platform;
  const handOff: HandOffControls = {
    create: createHandOffAction,
    revoke: revokeHandOffAction,
    workspaceName: props.workspaceName,
    memberName: ctx.actor.name,
  };
  if (step === "method") {
    const available = Object.keys(config.multiTenantApp).length > 0;
    const hrefOf = (chosen: Method) =>
      hrefWith(
        "/connections/new",
        connection
          ? { connection: connection.id, step: "tenant", method: chosen }
          : { method: chosen },
      );
    return (
      <MethodCards
        multiTenantHref={available ? hrefOf("multi-tenant-app") : null}
        multiTenantClouds={clouds.filter((cloud) => config.multiTenantApp[cloud])}
        registeredHref={hrefOf("registered-app")}
      />
    );
  }
  if (step === "tenant" || connection === null) {
    return (
      <TenantForm
        key={connection?.id ?? "new"}
        connectionId={connection?.id ?? null}
        initial={{
          name: connection?.name ?? "",
          tenantHint: connection?.tenantHint ?? "",
          cloud:
            connection?.cloud ??
            (method === "registered-app" ? "global" : firstCloud(config.multiTenantApp)),
        }}
        method={method}
        clouds={method === "registered-app" ? everyCloud : cloudRefusals(config.multiTenantApp)}
        save={saveTenantAction}
      />
    );
  }
  switch (step) {
    case "consent":
      if (progress === null) return null;
      return (
        <ConsentStep
          connectionId={connection.id}
          startConsent={startConsentAction}
          consented={connection.consentedAt !== null}
          progress={progress}
          handOff={handOff}
          redirectUris={["consent", "proof"].map((leg) => `${config.appUrl}/connect/${leg}`)}
          clientId={config.multiTenantApp[connection.cloud]?.clientId ?? null}
          tenantHint={connection.tenantHint}
        />
      );
    case "credential":
      return (
        <RegisteredAppStep
          connectionId={connection.id}
          tenantId={connection.tenantId ?? ""}
          portalOrigin={config.originsOf(connection.cloud).portal}
          clientId={connection.clientId}
          scripts={scriptsOf(connection, config.originsOf(connection.cloud))}
          keyPair={await getKeyPair(ctx, { connectionId: connection.id })}
          commands={{
            enter: enterCredentialAction,
            requestKeyPair: requestKeyPairAction,
            verifyKeyPair: verifyKeyPairAction,
          }}
        />
      );
    case "verify":
      return (
        <VerifyStep
          connectionId={connection.id}
          credentialHref={credentialHref(connection)}
          verification={facts.verification}
          waiting={progress === null || connection.provenAt !== null ? null : { progress, handOff }}
          startConsent={startConsentAction}
          startVerification={startVerificationAction}
          startImport={facts.lastImport === null ? startImportAction : null}
          moveTenant={moveTenantAction}
          fix={
            <AskForMissing
              ctx={ctx}
              connection={connection}
              handOffHref={`/connections/${connection.id}#hand-off`}
            />
          }
        />
      );
    case "first-import":
      return (
        <FirstImport
          ctx={ctx}
          connection={connection}
          lastImport={facts.lastImport}
          startImport={startImportAction}
        />
      );
    default:
      return step satisfies never;
  }
}

/** In the wizard until a credential has worked once; afterwards on the connection's own page. */
const credentialHref = ({ id, method, provenAt }: ConnectionDetail): string | null => {
  if (method !== "registered-app") return null;
  return provenAt === null
    ? hrefWith("/connections/new", { connection: id, step: "credential" })
    : `/connections/${id}#credential`;
};

const scriptsOf = (
  { cloud, tenantId, name }: ConnectionDetail,
  { login, graph }: { readonly login: string; readonly graph: string },
) => {
  const app = { cloud, login, graph, tenantId: tenantId ?? "", name: scriptName(name) };
  return { azureCli: azureCliScript(app), powershell: powershellScript(app) };
};

/** A registration of the customer's own can live in any cloud. */
const everyCloud: CloudRefusals = {
  global: null,
  "us-gov-l4": null,
  "us-gov-l5": null,
  china: null,
};

type Apps = Ctx["platform"]["config"]["multiTenantApp"];

const firstCloud = (apps: Apps): Cloud => clouds.find((cloud) => apps[cloud]) ?? "global";

/** Each cloud needs an app registration of its own (reference/microsoft-graph.md §1.5). */
const cloudRefusals = (apps: Apps): CloudRefusals => {
  const refusal = (cloud: Cloud) =>
    apps[cloud]
      ? null
      : "This installation has no multi-tenant app in this cloud; a registered app works there.";
  return {
    global: refusal("global"),
    "us-gov-l4": refusal("us-gov-l4"),
    "us-gov-l5": refusal("us-gov-l5"),
    china: refusal("china"),
  };
};
