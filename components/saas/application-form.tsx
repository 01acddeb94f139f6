"use client";
import { Button, Group, NativeSelect, Stack, Text, TextInput } from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import { CommandFailure } from "../ui/command-failure.tsx";
import { TextLink } from "../ui/link.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

/** A tenant that another connection of the workspace knows. */
export interface TenantChoice {
  readonly tenantId: string;
  readonly name: string;
  readonly domain: string | null;
}

export type ConnectApplication = Command<
  {
    readonly name: string;
    readonly organisationId: string;
    readonly managedAppId: string;
    readonly tenantId: string;
  },
  { readonly id: string }
>;

/** In place of a tenant: its GUID is entered. */
const other = "other";

/** Which tenant an application stands for: one the workspace knows, or one that is entered. Nothing is guessed by name. */
export function ApplicationForm(props: {
  readonly organisationId: string;
  readonly application: { readonly id: string; readonly name: string };
  readonly tenants: readonly TenantChoice[];
  readonly connect: ConnectApplication;
}) {
  const { organisationId, application, tenants } = props;
  const router = useRouter();
  const [choice, setChoice] = useState(tenants.length === 0 ? other : "");
  const [entered, setEntered] = useState("");
  const [name, setName] = useState("");
  const [missing, setMissing] = useState<string | null>(null);
  const { run, pending, error } = useCommand(props.connect, {
    onDone: (made) => {
      if (made !== undefined) {
        router.push(
          `/connections/new/saas-management?organisation=${organisationId}&connection=${made.id}`,
        );
      }
    },
  });
  const choose = (value: string) => {
    setChoice(value);
    setMissing(null);
    const known = tenants.find(({ tenantId }) => tenantId === value);
    if (known !== undefined && name === "") setName(asName(known.name));
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (choice === "") return setMissing("Choose the tenant this application stands for.");
    run({
      name,
      organisationId,
      managedAppId: application.id,
      tenantId: choice === other ? entered : choice,
    });
  };
  const fields = error?.fields ?? {};
  const tenantError = missing ?? conflict(fields.tenantId, error?.existingId);
  return (
    <form noValidate aria-label={`Tenant of ${application.name}`} onSubmit={submit}>
      <Stack gap="sm">
        <NativeSelect
          label="Tenant"
          description="Tenants this workspace knows from its other connections, or any other."
          required
          value={choice}
          onChange={(event) => choose(event.currentTarget.value)}
          data={[
            { value: "", label: "Choose a tenant" },
            ...tenants.map(({ tenantId, name: label, domain }) => ({
              value: tenantId,
              label: domain === null ? label : `${label} (${domain})`,
            })),
            { value: other, label: "Another tenant, by its ID" },
          ]}
          error={choice === other ? undefined : tenantError}
        />
        {choice === other && (
          <TextInput
            label="Tenant ID"
            description="The GUID from the Entra admin center."
            required
            spellCheck={false}
            autoComplete="off"
            maxLength={60}
            value={entered}
            onChange={(event) => setEntered(event.currentTarget.value)}
            error={tenantError}
          />
        )}
        <TextInput
          label="Connection name"
          description="Letters, digits, spaces and underscores; starts with a letter or digit."
          required
          maxLength={80}
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={fields.name}
        />
        {fields.managedAppId !== undefined && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {conflict(fields.managedAppId, error?.existingId)}
          </Text>
        )}
        <CommandFailure error={error} fieldsTell />
        <Group>
          <Button type="submit" loading={pending}>
            Connect and import
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** What a connection may be called of what a tenant is called. */
const asName = (tenant: string): string =>
  tenant
    .replaceAll(/[^\p{L}\p{N} _]/gu, " ")
    .replaceAll(/ +/g, " ")
    .trim()
    .slice(0, 80);

const conflict = (message: string | undefined, existingId: string | undefined) =>
  message === undefined ? undefined : (
    <>
      {message}{" "}
      {existingId !== undefined && (
        <TextLink href={`/connections/${existingId}`} inherit>
          Open that connection
        </TextLink>
      )}
    </>
  );
