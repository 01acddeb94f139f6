"use client";
import {
  Button,
  FileInput,
  Group,
  Progress,
  SegmentedControl,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useRouter } from "next/navigation";
import { type FormEvent, useState } from "react";
import type { PackageKind } from "#lib/domain/package";
import { packageKindLabels } from "#lib/domain/package-text";
import { Callout } from "../ui/callout.tsx";
import { formatShare } from "../ui/format.ts";
import { type UploadCommands, type UploadRequest, useUpload } from "./use-upload.ts";

interface Chosen {
  readonly zip: File | null;
  readonly skus: File | null;
  readonly users: File | null;
  readonly collectedOn: string;
}

const nothing: Chosen = { zip: null, skus: null, users: null, collectedOn: "" };

/** Uploads an export package, or the two files of the old MSOnline scripts; published numbers stay until it was read. */
export function UploadForm(props: {
  readonly connectionId: string;
  readonly maxBytes: number;
  readonly commands: UploadCommands;
}) {
  const router = useRouter();
  const [kind, setKind] = useState<PackageKind>("package");
  const [chosen, setChosen] = useState(nothing);
  const [missing, setMissing] = useState<string | null>(null);
  const { state, send, cancel } = useUpload(props.commands, () => {
    setChosen(nothing);
    router.refresh();
  });
  const sending = state.kind === "sending";
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request = requestOf(props.connectionId, kind, chosen);
    if (typeof request === "string") return setMissing(request);
    if (request.content.size > props.maxBytes) {
      return setMissing(
        `It has more than ${Math.floor(props.maxBytes / 1024 ** 2)} MB, which is the limit here.`,
      );
    }
    setMissing(null);
    void send(request);
  };
  return (
    <form onSubmit={submit} aria-label="Upload" noValidate>
      <Stack gap="md">
        <SegmentedControl
          aria-label="What to upload"
          value={kind}
          onChange={(value) => setKind(value === "msonline-csv" ? value : "package")}
          disabled={sending}
          data={(["package", "msonline-csv"] as const).map((value) => ({
            value,
            label: packageKindLabels[value],
          }))}
        />
        {kind === "package" ? (
          <FileInput
            label="Export package"
            description="The .zip file that the collector wrote, unopened."
            placeholder="Choose a file"
            accept=".zip,application/zip"
            value={chosen.zip}
            onChange={(zip) => setChosen({ ...chosen, zip })}
            disabled={sending}
            clearable
          />
        ) : (
          <OldFiles chosen={chosen} onChange={setChosen} disabled={sending} />
        )}
        {missing !== null && (
          <Text size="sm" c="var(--mantine-color-error)" role="alert">
            {missing}
          </Text>
        )}
        {sending && <Sending sent={state.sent} all={state.all} />}
        {state.kind === "failed" && (
          <Callout tone="warn" live title="The upload did not succeed">
            {state.error.message} The numbers shown stay as they were.
          </Callout>
        )}
        <Group gap="sm">
          <Button type="submit" loading={sending}>
            Upload
          </Button>
          {sending && (
            <Button variant="default" onClick={cancel}>
              Cancel
            </Button>
          )}
          {state.kind === "sent" && (
            <Text size="sm" role="status">
              Uploaded. It is checked before anything is imported; you can leave this page.
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

/** What is to be sent, or what is missing. */
function requestOf(
  connectionId: string,
  kind: PackageKind,
  chosen: Chosen,
): UploadRequest | string {
  const { zip, skus, users, collectedOn } = chosen;
  if (kind === "package") {
    if (zip === null) return "Choose the export package.";
    return { connectionId, kind, fileName: zip.name, content: zip };
  }
  if (skus === null) return "Choose the file of Get-MsolAccountSku.";
  if (users === null) return "Choose the file of Get-MsolUser.";
  if (collectedOn === "") return "Enter the day the files were written.";
  return {
    connectionId,
    kind,
    fileName: `${skus.name}, ${users.name}`,
    content: new Blob([skus, users]),
    skuBytes: skus.size,
    collectedOn,
  };
}

function OldFiles(props: {
  readonly chosen: Chosen;
  readonly onChange: (chosen: Chosen) => void;
  readonly disabled: boolean;
}) {
  const { chosen, onChange, disabled } = props;
  return (
    <Stack gap="sm">
      <FileInput
        label="Account SKUs"
        description="What Get-MsolAccountSku | Export-Csv wrote, with all its columns."
        placeholder="Choose a file"
        accept=".csv,text/csv"
        value={chosen.skus}
        onChange={(skus) => onChange({ ...chosen, skus })}
        disabled={disabled}
        clearable
      />
      <FileInput
        label="Users"
        description="What Get-MsolUser -All | Select … | Export-Csv wrote: user principal name and licenses; block state and user type where it has them."
        placeholder="Choose a file"
        accept=".csv,text/csv"
        value={chosen.users}
        onChange={(users) => onChange({ ...chosen, users })}
        disabled={disabled}
        clearable
      />
      <TextInput
        label="Written on"
        description="The day both files were written: the numbers are as of that day."
        type="date"
        value={chosen.collectedOn}
        onChange={(event) => onChange({ ...chosen, collectedOn: event.currentTarget.value })}
        disabled={disabled}
        maw={220}
      />
    </Stack>
  );
}

function Sending({ sent, all }: { readonly sent: number; readonly all: number }) {
  const share = formatShare(sent, all);
  return (
    <Stack gap={4}>
      <Progress value={(sent / all) * 100} aria-label="Upload progress" />
      <Text size="sm" role="status">
        Uploading, {share} sent.
      </Text>
    </Stack>
  );
}
