"use client";
import { Button, Stack, Text } from "@mantine/core";
import { useState } from "react";
import type { ConnectionItem } from "#lib/domain/connection-item";
import type { KeyPairItem } from "#lib/domain/credential-item";
import type { VerificationItem } from "#lib/domain/verification-item";
import { FailureDetails } from "../failure-callout.tsx";
import { Callout } from "../ui/callout.tsx";
import { CommandButton } from "../ui/command-button.tsx";
import type { StartVerification } from "../wizard/verify-step.tsx";
import { CredentialExpiry } from "./credential-expiry.tsx";
import { expiryTold } from "./credential-expiry-words.ts";
import { type CredentialCommands, CredentialForm } from "./credential-form.tsx";

/** The credential in use, and the way to a new one, also of another app, that takes its place only once it has worked. */
export function ReplaceCredentialPanel(props: {
  readonly connection: ConnectionItem;
  /** The newest check of an entered credential; null when none was entered. */
  readonly verification: VerificationItem | null;
  readonly keyPair: KeyPairItem | null;
  readonly replaceCredential: CredentialCommands["enter"];
  readonly requestKeyPair: CredentialCommands["requestKeyPair"];
  readonly verifyKeyPair: CredentialCommands["verifyKeyPair"];
  readonly startVerification: StartVerification;
}) {
  const { connection, keyPair } = props;
  const works = connection.status !== "action-needed";
  const [open, setOpen] = useState(keyPair !== null);
  const commands: CredentialCommands = {
    enter: props.replaceCredential,
    requestKeyPair: props.requestKeyPair,
    verifyKeyPair: props.verifyKeyPair,
  };
  return (
    <Stack gap="sm" align="stretch">
      {!expiryTold(connection.problem) && <CredentialExpiry credential={connection.credential} />}
      <Replacement
        verification={props.verification}
        works={works}
        startVerification={props.startVerification}
      />
      {open ? (
        <CredentialForm
          connectionId={connection.id}
          appHelp="The app in use. Enter another one of this tenant to change to it: imports go on through the app in use until the new one has worked."
          clientId={connection.clientId}
          keyPair={keyPair}
          commands={commands}
          onSaved={() => setOpen(false)}
        />
      ) : (
        <>
          <Text size="sm" c="dimmed">
            A new credential, or another app registration, is verified first.{" "}
            {works
              ? "The one in use goes on until then and is erased afterwards."
              : "Imports go on once it has worked; the one stored now is erased then."}
          </Text>
          <div>
            <Button variant="default" size="sm" onClick={() => setOpen(true)}>
              Replace the credential
            </Button>
          </div>
        </>
      )}
    </Stack>
  );
}

/** How a replacement is getting on; whether the credential in use works is told with it. */
function Replacement(props: {
  readonly verification: VerificationItem | null;
  readonly works: boolean;
  readonly startVerification: StartVerification;
}) {
  const { verification, works } = props;
  if (verification === null) return null;
  switch (verification.state) {
    case "queued":
    case "running":
    case "waiting":
      return (
        <Callout tone="wait" title="The new credential is being verified" live>
          {works ? "The one in use goes on meanwhile." : "Imports go on once it has worked."}
        </Callout>
      );
    case "failed":
      return (
        <Callout
          tone="warn"
          title={
            works
              ? "The new credential was refused, the one in use goes on"
              : "The new credential was refused too"
          }
          live
          actions={
            <CommandButton
              command={props.startVerification}
              input={{ connectionId: verification.connectionId, replacement: true }}
              done="Verification asked for."
              size="compact-sm"
              variant="default"
            >
              Verify it again
            </CommandButton>
          }
        >
          {verification.error !== null && (
            <>
              {verification.error.what} {verification.error.action}
              <FailureDetails failure={verification.error} />
            </>
          )}
        </Callout>
      );
    case "succeeded":
      return null;
    default:
      return verification.state satisfies never;
  }
}
