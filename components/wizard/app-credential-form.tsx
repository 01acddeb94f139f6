"use client";
import { Button, Group, PasswordInput, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useRouter } from "next/navigation";
import { forgetAnswers, keepAnswers, useKeptAnswers } from "../ui/kept-answers.ts";
import { type Command, useCommand } from "../ui/use-command.ts";
import { isSecretId, secretIdHelp } from "./secret-id.ts";

/** Stores which app it is and its credential, and has it verified. */
export type EnterCredential = Command<{
  readonly connectionId: string;
  readonly clientId: string;
  readonly credential: {
    readonly kind: "secret";
    readonly secret: string;
    readonly expiresAt?: string;
  };
}>;

interface Answers {
  readonly clientId: string;
  readonly secret: string;
  /** UTC day, empty when not known. */
  readonly expiresOn: string;
}

/** Client ID and secret. All but the secret outlives a reload; every error stands at its field. */
export function AppCredentialForm(props: {
  readonly connectionId: string;
  readonly clientId: string | null;
  readonly onClientId: (clientId: string) => void;
  readonly enterCredential: EnterCredential;
}) {
  const { connectionId, onClientId } = props;
  const router = useRouter();
  const form = useForm<Answers>({
    mode: "controlled",
    initialValues: { clientId: props.clientId ?? "", secret: "", expiresOn: "" },
    validate: { clientId: clientIdError, secret: secretError },
    onValuesChange: ({ clientId, expiresOn }) => {
      keepAnswers(keptUnder(connectionId), { clientId, expiresOn });
      onClientId(clientId);
    },
  });
  useKeptAnswers(keptUnder(connectionId), form.setValues);
  const { run, pending, error } = useCommand(props.enterCredential, {
    onDone: () => {
      forgetAnswers(keptUnder(connectionId));
      router.push(`/connections/new?connection=${connectionId}`);
    },
  });
  const fields = error?.fields ?? {};
  return (
    <form
      noValidate
      aria-label="App and credential"
      onSubmit={form.onSubmit(({ clientId, secret, expiresOn }) =>
        run({
          connectionId,
          clientId: clientId.trim(),
          credential: {
            kind: "secret",
            secret: secret.trim(),
            ...(expiresOn === "" ? {} : { expiresAt: expiresOn }),
          },
        }),
      )}
    >
      <Stack gap="lg">
        <TextInput
          label="Application (client) ID"
          description="A GUID, on the app's overview page."
          required
          spellCheck={false}
          autoComplete="off"
          maxLength={60}
          {...form.getInputProps("clientId")}
          error={form.errors.clientId ?? fields.clientId}
        />
        <PasswordInput
          label="Client secret"
          description="The column “Value”, not “Secret ID”. It is sealed at once and never shown again."
          required
          autoComplete="off"
          maxLength={600}
          {...form.getInputProps("secret")}
          error={
            form.errors.secret ??
            (isSecretId(form.values.secret) ? secretIdHelp : fields["credential.secret"])
          }
        />
        <TextInput
          type="date"
          label="Expires on"
          description="As the portal shows it. We warn you in time; without a date we cannot."
          maw={240}
          {...form.getInputProps("expiresOn")}
          error={fields["credential.expiresAt"]}
        />
        {error !== null && Object.keys(fields).length === 0 && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {error.message}
          </Text>
        )}
        <Group gap="sm">
          <Button type="submit" loading={pending}>
            Save and verify
          </Button>
          <Text size="sm" c="dimmed">
            A worker asks Microsoft whether it fits; nothing is imported yet.
          </Text>
        </Group>
      </Stack>
    </form>
  );
}

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const clientIdError = (text: string): string | null =>
  guidPattern.test(text.trim())
    ? null
    : "Enter the GUID that the portal calls “Application (client) ID”.";

const secretError = (text: string): string | null => {
  if (text.trim() === "") return "Enter the client secret.";
  return isSecretId(text) ? secretIdHelp : null;
};

const keptUnder = (connectionId: string) => `connect-app:${connectionId}`;
