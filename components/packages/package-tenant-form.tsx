"use client";
import { Button, Group, Radio, RadioGroup, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { type Cloud, clouds, connectionNamePattern } from "#lib/domain/connection";
import { cloudLabels } from "#lib/domain/connection-labels";
import { CommandFailure } from "../ui/command-failure.tsx";
import { TextLink } from "../ui/link.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";
import classes from "../wizard/wizard.module.css";

export type CreatePackageConnection = Command<
  { readonly name: string; readonly tenantId: string; readonly cloud: Cloud },
  { readonly id: string }
>;

const guidShape = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Name, tenant and cloud of a connection that takes packages. */
export function PackageTenantForm(props: { readonly create: CreatePackageConnection }) {
  const router = useRouter();
  const form = useForm<{ name: string; tenantId: string; cloud: Cloud }>({
    initialValues: { name: "", tenantId: "", cloud: "global" },
    validate: {
      name: (name) =>
        connectionNamePattern.test(name.trim())
          ? null
          : "Use letters, digits, spaces and underscores, starting with a letter or digit; at most 80 characters.",
      tenantId: (id) =>
        guidShape.test(id.trim())
          ? null
          : "Enter the tenant's GUID. The Entra admin center shows it as Tenant ID.",
    },
  });
  const { run, pending, error } = useCommand(props.create, {
    onDone: (made) => {
      if (made !== undefined) router.push(`/connections/new/office-365?connection=${made.id}`);
    },
  });
  const fields = error?.fields ?? {};
  return (
    <form
      noValidate
      aria-label="Tenant and cloud"
      onSubmit={form.onSubmit(({ name, tenantId, cloud }) =>
        run({ name: name.trim(), tenantId: tenantId.trim(), cloud }),
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
          error={form.errors.name ?? fields.name}
        />
        <TextInput
          label="Tenant ID"
          description="The GUID from the Entra admin center. Packages of any other tenant are refused."
          required
          spellCheck={false}
          autoComplete="off"
          maxLength={60}
          {...form.getInputProps("tenantId")}
          error={form.errors.tenantId ?? tenantError(fields.tenantId, error?.existingId)}
        />
        <RadioGroup
          label="Cloud"
          description="Where Microsoft keeps the tenant. GCC belongs to Global."
          required
          {...form.getInputProps("cloud")}
        >
          <Stack gap="xs" mt="xs">
            {clouds.map((cloud) => (
              <Radio key={cloud} value={cloud} label={cloudLabels[cloud]} />
            ))}
          </Stack>
        </RadioGroup>
        <CommandFailure error={error} fieldsTell />
        <Group gap="sm">
          <Button type="submit" loading={pending}>
            Save and continue
          </Button>
          <Text size="sm" c="dimmed">
            Saved as a draft.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

const tenantError = (message: string | undefined, existingId: string | undefined) =>
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
