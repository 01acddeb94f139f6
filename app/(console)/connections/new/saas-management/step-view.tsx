import { Group, Title } from "@mantine/core";
import { TakenOver } from "#components/managed-app/taken-over";
import { ApplicationList } from "#components/saas/application-list";
import { CheckState, isChecking } from "#components/saas/check-state";
import { OrganisationChoice } from "#components/saas/organisation-choice";
import { OrganisationForm } from "#components/saas/organisation-form";
import { CommandButton } from "#components/ui/command-button";
import { LinkButton } from "#components/ui/link";
import { Panel } from "#components/ui/panel";
import type { OrganisationItem } from "#lib/domain/organisation-item";
import type { SaasStep } from "#lib/domain/saas-step";
import type { Ctx } from "#lib/services/context";
import type { ConnectionDetail } from "#lib/services/get-connection";
import { listKnownTenants } from "#lib/services/list-known-tenants";
import { listOrganisations } from "#lib/services/list-organisations";
import { startImportAction } from "../../actions.ts";
import { FirstImport } from "../first-import.tsx";
import type { WizardFacts } from "../wizard-facts.ts";
import {
  createOrganisationAction,
  createSaasConnectionAction,
  enterOrganisationAction,
  startOrganisationCheckAction,
} from "./actions.ts";

/** The one decision of a step. */
export async function SaasStepView(props: {
  readonly ctx: Ctx;
  readonly step: SaasStep;
  readonly organisation: OrganisationItem | null;
  readonly facts: WizardFacts;
}) {
  const { ctx, organisation, facts } = props;
  const { connection } = facts;
  if (connection !== null) {
    return (
      <ImportAndNext ctx={ctx} facts={facts} connection={connection} organisation={organisation} />
    );
  }
  if (organisation === null) return <ChooseOrganisation ctx={ctx} />;
  return props.step === "application" ? (
    <Applications ctx={ctx} organisation={organisation} />
  ) : (
    <Verify organisation={organisation} />
  );
}

async function ChooseOrganisation({ ctx }: { readonly ctx: Ctx }) {
  const organisations = await listOrganisations(ctx);
  const form = (
    <OrganisationForm
      initial={null}
      create={createOrganisationAction}
      correct={enterOrganisationAction}
    />
  );
  if (organisations.length === 0) return form;
  return (
    <>
      <OrganisationChoice organisations={organisations} />
      <Title order={3}>Or enter another organisation</Title>
      {form}
    </>
  );
}

function Verify({ organisation }: { readonly organisation: OrganisationItem }) {
  const { id: organisationId, name, region, orgId, verifiedAt } = organisation;
  const checking = isChecking(organisation);
  return (
    <>
      <Panel title="Verification">
        <CheckState organisation={organisation} />
        {!checking && (
          <Group gap="sm" mt="md">
            <CommandButton
              command={startOrganisationCheckAction}
              input={{ organisationId }}
              variant="default"
              size="sm"
            >
              Verify again
            </CommandButton>
            {verifiedAt !== null && (
              <LinkButton href={`/settings/integrations#${organisationId}`} size="sm">
                Replace the credential
              </LinkButton>
            )}
          </Group>
        )}
      </Panel>
      {!checking && verifiedAt === null && (
        <>
          <Title order={3}>Correct what you entered</Title>
          <OrganisationForm
            key={organisationId}
            initial={{ organisationId, name, region, orgId }}
            create={createOrganisationAction}
            correct={enterOrganisationAction}
          />
        </>
      )}
    </>
  );
}

async function Applications(props: { readonly ctx: Ctx; readonly organisation: OrganisationItem }) {
  const { ctx, organisation } = props;
  const taken = new Set((await listOrganisations(ctx)).flatMap(tenantsOf));
  const tenants = (await listKnownTenants(ctx)).filter(({ tenantId }) => !taken.has(tenantId));
  return (
    <>
      <CheckState organisation={organisation} />
      <ApplicationList
        organisation={organisation}
        tenants={tenants}
        connect={createSaasConnectionAction}
      />
      {!isChecking(organisation) && (
        <Group>
          <CommandButton
            command={startOrganisationCheckAction}
            input={{ organisationId: organisation.id }}
            variant="default"
            size="sm"
          >
            List the applications again
          </CommandButton>
        </Group>
      )}
    </>
  );
}

const tenantsOf = ({ connections }: OrganisationItem): readonly string[] =>
  connections.flatMap(({ tenantId }) => tenantId ?? []);

function ImportAndNext(props: {
  readonly ctx: Ctx;
  readonly facts: WizardFacts;
  readonly connection: ConnectionDetail;
  readonly organisation: OrganisationItem | null;
}) {
  const { ctx, connection, organisation } = props;
  const published = connection.connectFacts.firstImport === "published";
  const takenOver = connection.application?.takenOver ?? null;
  return (
    <>
      {takenOver !== null && (
        <TakenOver {...takenOver} mappingHref={`/connections/${connection.id}/mapping`} />
      )}
      <FirstImport
        ctx={ctx}
        connection={connection}
        lastImport={props.facts.lastImport}
        startImport={startImportAction}
      />
      {published && (
        <Group gap="sm">
          <LinkButton href="/settings/integrations/saas-management" mih={36} wraps>
            Preview the switch to SaaS Management
          </LinkButton>
          <LinkButton href={`/connections/${connection.id}/mapping`} variant="default">
            Licenses and products
          </LinkButton>
          {organisation !== null && (
            <LinkButton
              href={`/connections/new/saas-management?organisation=${organisation.id}`}
              variant="default"
            >
              Connect another application
            </LinkButton>
          )}
        </Group>
      )}
    </>
  );
}
