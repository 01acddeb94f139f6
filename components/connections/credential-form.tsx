"use client";
import {
  Button,
  FileInput,
  Group,
  PasswordInput,
  Radio,
  RadioGroup,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useForm } from "@mantine/form";
import { useState } from "react";
import type { KeyPairItem } from "#lib/domain/credential-item";
import { forgetAnswers, keepAnswers, useKeptAnswers } from "../ui/kept-answers.ts";
import { type Command, useCommand } from "../ui/use-command.ts";
import { fileAsBase64, fileError } from "./certificate-upload.ts";
import { KeyPairSteps, type RequestKeyPair } from "./key-pair-steps.tsx";
import { isSecretId, secretIdHelp } from "./secret-id.ts";

/** A credential as it is sent to be sealed. Files in base64. */
export type CredentialAnswer =
  | { readonly kind: "secret"; readonly secret: string; readonly expiresAt?: string }
  | { readonly kind: "certificate-file"; readonly file: string; readonly password: string };

/** What a form of credentials can ask for. */
export interface CredentialCommands {
  /** Seals a secret or an uploaded certificate and has it verified. */
  readonly enter: Command<{
    readonly connectionId: string;
    readonly clientId: string;
    readonly credential: CredentialAnswer;
  }>;
  readonly requestKeyPair: RequestKeyPair;
  /** Verifies a key pair whose certificate was registered at Microsoft. */
  readonly verifyKeyPair: Command<{
    readonly connectionId: string;
    readonly credentialId: string;
    readonly clientId: string;
  }>;
}

const kinds = [
  { value: "secret", label: "Client secret" },
  { value: "key-pair", label: "Certificate made here" },
  { value: "file", label: "Certificate of your own" },
];

interface Answers {
  readonly clientId: string;
  readonly kind: string;
  readonly secret: string;
  /** UTC day, empty when not known. */
  readonly expiresOn: string;
  readonly file: File | null;
  readonly password: string;
}

/** How an app proves itself. What is no secret outlives a reload; every error stands at its field. */
export function CredentialForm(props: {
  readonly connectionId: string;
  /** What stands under the field of the app's client ID. */
  readonly appHelp: string;
  readonly clientId: string | null;
  readonly onClientId?: (clientId: string) => void;
  readonly keyPair: KeyPairItem | null;
  readonly commands: CredentialCommands;
  readonly onSaved: () => void;
}) {
  const { connectionId, commands, onClientId } = props;
  const keptUnder = `connect-app:${connectionId}`;
  const [reading, setReading] = useState(false);
  const form = useForm<Answers>({
    mode: "controlled",
    initialValues: {
      clientId: props.clientId ?? "",
      kind: props.keyPair === null ? "secret" : "key-pair",
      secret: "",
      expiresOn: "",
      file: null,
      password: "",
    },
    validate: (values) => ({
      clientId: clientIdError(values.clientId),
      secret: values.kind === "secret" ? secretError(values.secret) : null,
      file: values.kind === "file" ? fileError(values.file) : null,
    }),
    onValuesChange: ({ clientId, kind, expiresOn }) => {
      keepAnswers(keptUnder, { clientId, kind, expiresOn });
      onClientId?.(clientId);
    },
  });
  useKeptAnswers(keptUnder, form.setValues);
  const onDone = () => {
    forgetAnswers(keptUnder);
    props.onSaved();
  };
  const entering = useCommand(commands.enter, { onDone });
  const using = useCommand(commands.verifyKeyPair, { onDone });
  const error = form.values.kind === "key-pair" ? using.error : entering.error;
  const fields = error?.fields ?? {};
  const clientId = form.values.clientId.trim();

  const submit = async (values: Answers): Promise<void> => {
    if (values.kind === "secret") {
      const expires = values.expiresOn === "" ? {} : { expiresAt: values.expiresOn };
      const secret = values.secret.trim();
      entering.run({ connectionId, clientId, credential: { kind: "secret", secret, ...expires } });
    } else if (values.kind === "file" && values.file !== null) {
      setReading(true);
      const file = await fileAsBase64(values.file).finally(() => setReading(false));
      const { password } = values;
      entering.run({
        connectionId,
        clientId,
        credential: { kind: "certificate-file", file, password },
      });
    }
  };
  return (
    <form
      noValidate
      aria-label="App and credential"
      onSubmit={form.onSubmit((values) => void submit(values))}
    >
      <Stack gap="lg">
        <TextInput
          label="Application (client) ID"
          description={props.appHelp}
          required
          spellCheck={false}
          autoComplete="off"
          maxLength={60}
          {...form.getInputProps("clientId")}
          error={form.errors.clientId ?? fields.clientId}
        />
        <RadioGroup label="How the app proves itself" {...form.getInputProps("kind")}>
          <Stack gap="xs" mt="xs">
            {kinds.map(({ value, label }) => (
              <Radio key={value} value={value} label={label} />
            ))}
          </Stack>
        </RadioGroup>
        {form.values.kind === "secret" && (
          <>
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
          </>
        )}
        {form.values.kind === "file" && (
          <>
            <FileInput
              label="Certificate with its private key"
              description="A PFX (PKCS #12) or PEM file with an RSA key. It is sealed at once and never shown again. Its public part has to be uploaded in the portal."
              placeholder="Choose a file"
              accept=".pfx,.p12,.pem"
              required
              clearable
              {...form.getInputProps("file")}
              error={form.errors.file ?? fields["credential.file"]}
            />
            <PasswordInput
              label="Password of the file"
              description="Left empty when the file has none."
              autoComplete="off"
              maxLength={500}
              {...form.getInputProps("password")}
              error={fields["credential.password"]}
            />
          </>
        )}
        {form.values.kind === "key-pair" ? (
          <KeyPairSteps
            connectionId={connectionId}
            keyPair={props.keyPair}
            requestKeyPair={commands.requestKeyPair}
            pending={using.pending}
            onUse={(credentialId) => {
              if (!form.validate().hasErrors) {
                using.run({ connectionId, credentialId, clientId });
              }
            }}
          />
        ) : (
          <Group gap="sm">
            <Button type="submit" loading={entering.pending || reading}>
              Save and verify
            </Button>
            <Text size="sm" c="dimmed">
              A worker asks Microsoft whether it fits; nothing changes before that.
            </Text>
          </Group>
        )}
        {error !== null && !Object.keys(fields).some(isShown) && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {Object.values(fields)[0] ?? error.message}
          </Text>
        )}
      </Stack>
    </form>
  );
}

/** Whether a refused field has an input to stand at. */
const isShown = (field: string): boolean => field.startsWith("credential.") || field === "clientId";

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

const clientIdError = (text: string): string | null =>
  guidPattern.test(text.trim())
    ? null
    : "Enter the GUID that the portal calls “Application (client) ID”.";

const secretError = (text: string): string | null => {
  if (text.trim() === "") return "Enter the client secret.";
  return isSecretId(text) ? secretIdHelp : null;
};
