"use client";
import { Button, Group, Radio, RadioGroup, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import {
  type SaasRegion,
  saasRegionDomains,
  saasRegionLabels,
  saasRegions,
} from "#lib/domain/saas-organisation";
import { CommandFailure } from "../ui/command-failure.tsx";
import { TextLink } from "../ui/link.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import classes from "../wizard/wizard.module.css";
import {
  CredentialFields,
  credentialAnswer,
  noCredential,
  type OrganisationCredentialAnswer,
} from "./credential-fields.tsx";

interface Answer {
  readonly name: string;
  readonly region: SaasRegion;
  readonly orgId: string;
  readonly credential: OrganisationCredentialAnswer;
}

export type EnterOrganisation = Command<Answer, { readonly id: string }>;
export type CorrectOrganisation = Command<
  Answer & { readonly organisationId: string },
  { readonly id: string }
>;

/** Name, region, number and credential of an organisation; those of one that was never verified may be corrected. */
export function OrganisationForm(props: {
  /** What was entered before; null for a new one. */
  readonly initial: {
    readonly organisationId: string;
    readonly name: string;
    readonly region: SaasRegion;
    readonly orgId: string;
  } | null;
  readonly create: EnterOrganisation;
  readonly correct: CorrectOrganisation;
}) {
  const { initial, create, correct } = props;
  const router = useRouter();
  const [name, setName] = useState(initial?.name ?? "");
  const [region, setRegion] = useState<string>(initial?.region ?? "");
  const [orgId, setOrgId] = useState(initial?.orgId ?? "");
  const [credential, setCredential] = useState(noCredential);
  const command: EnterOrganisation = (answer) =>
    initial === null
      ? create(answer)
      : correct({ ...answer, organisationId: initial.organisationId });
  const { run, pending, error } = useCommand(command, {
    onDone: (made) => {
      setCredential(noCredential);
      if (made !== undefined) {
        router.push(`/connections/new/saas-management?organisation=${made.id}`);
      }
    },
  });
  const fields = error?.fields ?? {};
  const submit = (event: FormEvent) => {
    event.preventDefault();
    // Safe: the server names a region that is none, or that was not chosen.
    run({ name, region: region as SaasRegion, orgId, credential: credentialAnswer(credential) });
  };
  return (
    <form noValidate aria-label="Organisation" onSubmit={submit}>
      <Stack gap="lg" className={classes.surface}>
        <TextInput
          label="Name"
          description="What people here call the organisation."
          required
          maxLength={80}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
        />
        <RadioGroup
          label="Region"
          description="The ending of the address you sign in to."
          required
          value={region}
          onChange={setRegion}
          error={fields.region}
        >
          <Stack gap="xs" mt="xs">
            {saasRegions.map((one) => (
              <Radio
                key={one}
                value={one}
                label={`${saasRegionLabels[one]} (${saasRegionDomains[one]})`}
              />
            ))}
          </Stack>
        </RadioGroup>
        <TextInput
          label="Organisation ID"
          description="The digits after /orgs/ in the address of SaaS Management."
          required
          inputMode="numeric"
          autoComplete="off"
          value={orgId}
          onChange={(event) => setOrgId(event.currentTarget.value)}
          error={numberError(fields.orgId, error?.existingId)}
        />
        <CredentialFields value={credential} onChange={setCredential} fields={fields} />
        <CommandFailure error={error} fieldsTell />
        <Group gap="sm">
          <Button type="submit" loading={pending}>
            Save and verify
          </Button>
          <Text size="sm" c="dimmed">
            The credential is sealed here and opened by the worker alone.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

const numberError = (message: string | undefined, existingId: string | undefined) =>
  message === undefined ? undefined : (
    <>
      {message}{" "}
      {existingId !== undefined && (
        <TextLink href={`/connections/new/saas-management?organisation=${existingId}`} inherit>
          Go on with that one
        </TextLink>
      )}
    </>
  );
