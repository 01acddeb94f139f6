"use client";
import { Button, Group, List, Loader, Stack, Text } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import type { KeyPairItem } from "#lib/domain/credential-item";
import { useKeyPairItem } from "../queries.ts";
import { CommandButton } from "../ui/command-button.tsx";
import { ConfirmButton } from "../ui/confirm-button.tsx";
import { CopyValue } from "../ui/copy-value.tsx";
import { formatDay } from "../ui/format.ts";
import type { Command } from "../ui/use-command.ts";
import { WorkerNotice } from "../worker-notice.tsx";

/** Has a worker make a key pair. */
export type RequestKeyPair = Command<{ readonly connectionId: string }>;

interface Steps {
  readonly connectionId: string;
  readonly requestKeyPair: RequestKeyPair;
  readonly pending: boolean;
  readonly onUse: (credentialId: string) => void;
}

/** A key pair is asked for, made by a worker, registered at Microsoft, and verified. */
export function KeyPairSteps(props: Steps & { readonly keyPair: KeyPairItem | null }) {
  const { connectionId, keyPair } = props;
  if (keyPair === null) {
    return (
      <Stack gap="sm" align="flex-start">
        <Text size="sm">
          A worker makes a key pair. Its private key is sealed where it is made and never leaves;
          you get the public certificate, valid for a year, to upload in the portal.
        </Text>
        <CommandButton command={props.requestKeyPair} input={{ connectionId }}>
          Make a key pair
        </CommandButton>
      </Stack>
    );
  }
  return <Prepared key={keyPair.credentialId} {...props} keyPair={keyPair} />;
}

function Prepared(props: Steps & { readonly keyPair: KeyPairItem }) {
  const { connectionId } = props;
  const { data: keyPair } = useKeyPairItem(props.keyPair);
  const { certificate } = keyPair;
  if (certificate === null) {
    return (
      <Stack gap="sm">
        <Group gap="sm" role="status">
          <Loader size="xs" aria-hidden />
          <Text size="sm">A worker is making the key pair. You can leave this page.</Text>
        </Group>
        <WorkerNotice seenSecondsAgo={keyPair.workerSeenSecondsAgo} />
      </Stack>
    );
  }
  return (
    <Stack gap="sm">
      <List type="ordered" size="sm" spacing="xs">
        <List.Item>
          <Button
            component="a"
            href={`/connections/${connectionId}/key-pair/certificate`}
            download
            variant="default"
            size="compact-sm"
            leftSection={<IconDownload size={14} aria-hidden />}
          >
            Download the certificate (.cer)
          </Button>
        </List.Item>
        <List.Item>
          Upload it in the portal: Certificates &amp; secrets, Certificates, “Upload certificate”.
          The list then shows the thumbprint
          <CopyValue value={certificate.sha1} label="the thumbprint" />
          and the expiry {formatDay(certificate.expiresAt.slice(0, 10))}.
        </List.Item>
        <List.Item>Verify it here.</List.Item>
      </List>
      <Group gap="sm">
        <Button loading={props.pending} onClick={() => props.onUse(keyPair.credentialId)}>
          Verify the certificate
        </Button>
        <ConfirmButton
          command={props.requestKeyPair}
          input={{ connectionId }}
          title="Make another key pair?"
          consequences="This one is erased. Where its certificate was uploaded already, it is of no more use."
          confirmLabel="Make another one"
          done="A worker makes another one."
          variant="subtle"
          size="sm"
        >
          Make another one
        </ConfirmButton>
      </Group>
    </Stack>
  );
}
