"use client";
import { PasswordInput, Radio, RadioGroup, Stack, TextInput } from "@mantine/core";
import type { SaasCredentialKind } from "#lib/domain/saas-organisation";

/** A credential as it is sent. */
export type OrganisationCredentialAnswer =
  | { readonly kind: "refresh-token"; readonly refreshToken: string; readonly expiresAt?: string }
  | {
      readonly kind: "service-account";
      readonly clientId: string;
      readonly clientSecret: string;
      readonly expiresAt?: string;
    };

/** A credential as it is typed; days are `YYYY-MM-DD`. */
export interface TypedCredential {
  readonly kind: SaasCredentialKind;
  readonly refreshToken: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly expiresOn: string;
}

export const noCredential: TypedCredential = {
  kind: "refresh-token",
  refreshToken: "",
  clientId: "",
  clientSecret: "",
  expiresOn: "",
};

/** What was typed of the chosen kind. */
export function credentialAnswer(typed: TypedCredential): OrganisationCredentialAnswer {
  const end = typed.expiresOn === "" ? {} : { expiresAt: typed.expiresOn };
  return typed.kind === "refresh-token"
    ? { kind: typed.kind, refreshToken: typed.refreshToken, ...end }
    : { kind: typed.kind, clientId: typed.clientId, clientSecret: typed.clientSecret, ...end };
}

/** How an organisation proves itself: a person's refresh token, or a service account. */
export function CredentialFields(props: {
  readonly value: TypedCredential;
  readonly onChange: (value: TypedCredential) => void;
  /** Messages by the field's name in the input. */
  readonly fields: Readonly<Record<string, string>>;
}) {
  const { value, fields } = props;
  const change = (part: Partial<TypedCredential>) => props.onChange({ ...value, ...part });
  return (
    <Stack gap="md">
      <RadioGroup
        label="Credential"
        value={value.kind}
        onChange={(kind) =>
          change({ kind: kind === "service-account" ? "service-account" : "refresh-token" })
        }
      >
        <Stack gap="xs" mt="xs">
          <Radio
            value="refresh-token"
            label="Refresh token"
            description="Of a person who may view SaaS Management; ends with their access."
          />
          <Radio
            value="service-account"
            label="Service account"
            description="Belongs to the organisation and outlives whoever made it."
          />
        </Stack>
      </RadioGroup>
      {value.kind === "refresh-token" ? (
        <PasswordInput
          label="Refresh token"
          required
          autoComplete="off"
          value={value.refreshToken}
          onChange={(event) => change({ refreshToken: event.currentTarget.value })}
          error={fields["credential.refreshToken"]}
        />
      ) : (
        <>
          <TextInput
            label="Client ID"
            required
            autoComplete="off"
            spellCheck={false}
            value={value.clientId}
            onChange={(event) => change({ clientId: event.currentTarget.value })}
            error={fields["credential.clientId"]}
          />
          <PasswordInput
            label="Client secret"
            required
            autoComplete="off"
            value={value.clientSecret}
            onChange={(event) => change({ clientSecret: event.currentTarget.value })}
            error={fields["credential.clientSecret"]}
          />
        </>
      )}
      <TextInput
        type="date"
        label="Expires on (optional)"
        description="We warn in time where it is known; SaaS Management does not tell us."
        maw={260}
        value={value.expiresOn}
        onChange={(event) => change({ expiresOn: event.currentTarget.value })}
        error={fields["credential.expiresAt"]}
      />
    </Stack>
  );
}
