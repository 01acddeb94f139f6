"use client";
import { Button, Group, Radio, RadioGroup, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { useEffect } from "react";
import { type Cloud, clouds, connectionNamePattern } from "#lib/domain/connection";
import { cloudLabels } from "#lib/domain/connection-labels";
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
    readonly name: string;
    readonly tenantHint: string | null;
    readonly cloud: Cloud;
  },
  { readonly id: string }
>;

/** Why a cloud cannot be chosen; null when it can. */
export type CloudRefusals = Readonly<Record<Cloud, string | null>>;

/** Where answers that were not sent yet outlive a reload. */
const keptUnder = (connectionId: string | null) => `connect-tenant:${connectionId ?? "new"}`;

/** Name, tenant and cloud. What was typed survives a reload, and every error stands at its field. */
export function TenantForm(props: {
  readonly connectionId: string | null;
  readonly initial: TenantAnswers;
  readonly clouds: CloudRefusals;
  readonly save: SaveTenant;
}) {
  const { connectionId, initial } = props;
  const router = useRouter();
  const form = useForm<TenantAnswers>({
    mode: "controlled",
    initialValues: initial,
    validate: { name: nameError },
    onValuesChange: (values) => keep(connectionId, values),
  });
  useRestored(connectionId, form.setValues);
  const { run, pending, error } = useCommand(props.save, {
    onDone: (saved) => {
      if (saved === undefined) return;
      forget(connectionId);
      router.push(`/connections/new?connection=${saved.id}`);
    },
  });
  const fieldErrors = error?.fields ?? {};
  return (
    <form
      noValidate
      aria-label="Tenant and cloud"
      onSubmit={form.onSubmit(({ name, tenantHint, cloud }) =>
        run({ connectionId, name: name.trim(), tenantHint: tenantHint.trim() || null, cloud }),
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
          label="Tenant ID or domain (optional)"
          description="The GUID from the Entra admin center, or a domain such as contoso.com. Left empty, the tenant is the one the administrator signs in to."
          spellCheck={false}
          autoComplete="off"
          maxLength={253}
          {...form.getInputProps("tenantHint")}
          error={tenantError(fieldErrors.tenantHint ?? fieldErrors.tenantId, error?.existingId)}
        />
        <CloudField
          clouds={props.clouds}
          value={form.values.cloud}
          onChange={(cloud) => form.setFieldValue("cloud", cloud)}
          error={fieldErrors.cloud}
        />
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

const keep = (connectionId: string | null, values: TenantAnswers): void => {
  sessionStorage.setItem(keptUnder(connectionId), JSON.stringify(values));
};
const forget = (connectionId: string | null): void =>
  sessionStorage.removeItem(keptUnder(connectionId));

/** Puts back what was typed and not sent before the page was loaded anew. */
function useRestored(
  connectionId: string | null,
  setValues: (values: Partial<TenantAnswers>) => void,
): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when the page is loaded
  useEffect(() => {
    const kept = readKept(sessionStorage.getItem(keptUnder(connectionId)));
    if (kept !== null) setValues(kept);
  }, [connectionId]);
}

const readKept = (text: string | null): TenantAnswers | null => {
  if (text === null) return null;
  try {
    const { name, tenantHint, cloud }: Partial<Record<keyof TenantAnswers, unknown>> =
      JSON.parse(text);
    return typeof name === "string" && typeof tenantHint === "string" && typeof cloud === "string"
      ? { name, tenantHint, cloud: asCloud(cloud) }
      : null;
  } catch {
    return null;
  }
};
