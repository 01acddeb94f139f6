"use client";
import { Button, Group, Radio, RadioGroup, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { cloudHint } from "#lib/domain/cloud-hint";
import { type Cloud, clouds, connectionNamePattern, type Method } from "#lib/domain/connection";
import { cloudLabels } from "#lib/domain/connection-labels";
import { forgetAnswers, keepAnswers, useKeptAnswers } from "../ui/kept-answers.ts";
import { TextLink } from "../ui/link.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import classes from "./wizard.module.css";

/** What the step asks for; an empty tenant means "whatever tenant the administrator signs in to". */
export interface TenantAnswers {
  readonly name: string;
  readonly tenantHint: string;
  readonly cloud: Cloud;
}

/** Stores the answers as a draft (or changes one) and tells its connection. */
export type SaveTenant = Command<
  {
    readonly connectionId: string | null;
    readonly method: Method;
    readonly name: string;
    readonly tenantHint: string | null;
    readonly cloud: Cloud;
  },
  { readonly id: string }
>;

/** Why a cloud cannot be chosen; null when it can. */
export type CloudRefusals = Readonly<Record<Cloud, string | null>>;

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Where answers that were not sent yet outlive a reload. */
const keptUnder = (connectionId: string | null) => `connect-tenant:${connectionId ?? "new"}`;

/** Which draft the form of this entry of the browser's history has become: the back button leads to it, not to a second. */
const draftKey = (): string | null => {
  const entry = "navigation" in window ? window.navigation.currentEntry : null;
  return entry === null ? null : `connect-draft:${entry.key}`;
};
const markDraft = (id: string): void => {
  const key = draftKey();
  if (key !== null) sessionStorage.setItem(key, id);
};
const markedDraft = (): string | null => {
  const key = draftKey();
  return key === null ? null : sessionStorage.getItem(key);
};

/** Name, tenant and cloud. What was typed survives a reload, and every error stands at its field. */
export function TenantForm(props: {
  readonly connectionId: string | null;
  /** An app of the customer's needs the tenant's GUID; consent can go without. */
  readonly method: Method;
  readonly initial: TenantAnswers;
  readonly clouds: CloudRefusals;
  readonly save: SaveTenant;
}) {
  const { connectionId, initial, method } = props;
  const ownApp = method === "registered-app";
  const router = useRouter();
  const form = useForm<TenantAnswers>({
    mode: "controlled",
    initialValues: initial,
    validate: { name: nameError, ...(ownApp ? { tenantHint: tenantIdError } : {}) },
    onValuesChange: (values) => keepAnswers(keptUnder(connectionId), { ...values }),
  });
  useKeptAnswers(keptUnder(connectionId), ({ cloud, ...typed }) =>
    form.setValues({ ...typed, ...(cloud === undefined ? {} : { cloud: asCloud(cloud) }) }),
  );
  useEffect(() => {
    const draft = connectionId === null ? markedDraft() : null;
    if (draft !== null) router.replace(`/connections/new?connection=${draft}&step=tenant`);
  }, [connectionId, router]);
  const { run, pending, error } = useCommand(props.save, {
    onDone: (saved) => {
      if (saved === undefined) return;
      forgetAnswers(keptUnder(connectionId));
      if (connectionId === null) markDraft(saved.id);
      router.push(`/connections/new?connection=${saved.id}`);
    },
  });
  const fieldErrors = error?.fields ?? {};
  const hint = cloudHint(form.values.tenantHint, form.values.cloud);
  return (
    <form
      noValidate
      aria-label="Tenant and cloud"
      onSubmit={form.onSubmit(({ name, tenantHint, cloud }) =>
        run({
          connectionId,
          method,
          name: name.trim(),
          tenantHint: tenantHint.trim() || null,
          cloud,
        }),
      )}
    >
      <Stack gap="lg" className={classes.surface}>
        <TextInput
          label="Connection name"
          description="Letters, digits, spaces and underscores; starts with a letter or digit."
          required
          maxLength={80}
          autoComplete="off"
          {...form.getInputProps("name")}
          error={form.errors.name ?? fieldErrors.name}
        />
        <TextInput
          {...(ownApp ? tenantIdField : tenantHintField)}
          spellCheck={false}
          autoComplete="off"
          maxLength={253}
          {...form.getInputProps("tenantHint")}
          error={
            form.errors.tenantHint ??
            tenantError(fieldErrors.tenantHint ?? fieldErrors.tenantId, error?.existingId)
          }
        />
        <CloudField
          clouds={props.clouds}
          value={form.values.cloud}
          onChange={(cloud) => form.setFieldValue("cloud", cloud)}
          error={fieldErrors.cloud}
        />
        <Text size="sm" c="var(--sl-warn)" role="status" hidden={hint === null}>
          {hint}
        </Text>
        {error !== null && Object.keys(fieldErrors).length === 0 && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {error.message} <ExistingLink id={error.existingId} />
          </Text>
        )}
        <Group gap="sm">
          <Button type="submit" loading={pending}>
            Save and continue
          </Button>
          <Text size="sm" c="dimmed">
            Saved as a draft; nothing is sent to Microsoft yet.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

const tenantHintField = {
  label: "Tenant ID or domain (optional)",
  description:
    "The GUID from the Entra admin center, or a domain such as contoso.com. Left empty, the tenant is the one the administrator signs in to.",
} as const;

const tenantIdField = {
  label: "Tenant ID",
  description:
    "The GUID that the Entra admin center shows on its overview, and every app as “Directory (tenant) ID”.",
  required: true,
} as const;

const tenantIdError = (text: string): string | null => {
  if (text.trim() === "") return "Enter the tenant's GUID.";
  return guidPattern.test(text.trim())
    ? null
    : "Enter the tenant's GUID, such as 62e90394-69f5-4237-9190-012177145e10; a domain is not enough here.";
};

const nameError = (name: string): string | null => {
  const text = name.trim();
  if (text === "") return "Enter a name for the connection.";
  return connectionNamePattern.test(text)
    ? null
    : "Use letters, digits, spaces and underscores, starting with a letter or digit; at most 80 characters.";
};

const tenantError = (message: string | undefined, existingId: string | undefined) =>
  message === undefined ? undefined : (
    <>
      {message} <ExistingLink id={existingId} />
    </>
  );

function ExistingLink({ id }: { readonly id: string | undefined }) {
  if (id === undefined) return null;
  return (
    <TextLink href={`/connections/${id}`} inherit>
      Open that connection
    </TextLink>
  );
}

function CloudField(props: {
  readonly clouds: CloudRefusals;
  readonly value: Cloud;
  readonly onChange: (cloud: Cloud) => void;
  readonly error: string | undefined;
}) {
  return (
    <RadioGroup
      label="Cloud"
      description="Where Microsoft keeps the tenant. GCC belongs to Global."
      value={props.value}
      onChange={(value) => props.onChange(asCloud(value))}
      error={props.error}
      required
    >
      <Stack gap="xs" mt="xs">
        {clouds.map((cloud) => (
          <Radio
            key={cloud}
            value={cloud}
            label={cloudLabels[cloud]}
            description={props.clouds[cloud]}
            disabled={props.clouds[cloud] !== null}
          />
        ))}
      </Stack>
    </RadioGroup>
  );
}

/** Safe: the group's only values are clouds. */
const asCloud = (value: string): Cloud => clouds.find((cloud) => cloud === value) ?? "global";
