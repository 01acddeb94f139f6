"use client";
import { Stack } from "@mantine/core";
import { useRouter } from "next/navigation";
import { useState } from "react";
import type { KeyPairItem } from "#lib/domain/credential-item";
import { portalLinks } from "#lib/domain/portal-links";
import { type CredentialCommands, CredentialForm } from "../connections/credential-form.tsx";
import { Panel } from "../ui/panel.tsx";
import { AppScripts } from "./app-scripts.tsx";
import { PortalChecklist } from "./portal-checklist.tsx";

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is done in Microsoft's portal, and beside it the form that takes what the portal shows. */
export function RegisteredAppStep(props: {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly portalOrigin: string;
  /** Stored before; null while nothing was entered. */
  readonly clientId: string | null;
  readonly scripts: { readonly azureCli: string | null; readonly powershell: string };
  readonly keyPair: KeyPairItem | null;
  readonly commands: CredentialCommands;
}) {
  const { connectionId, tenantId, portalOrigin } = props;
  const router = useRouter();
  const [clientId, setClientId] = useState(props.clientId ?? "");
  const known = clientId.trim();
  const links = portalLinks({
    portalOrigin,
    tenantId,
    clientId: guidPattern.test(known) ? known : null,
  });
  return (
    <Stack gap="md">
      <Panel title="In Microsoft's portal">
        <PortalChecklist connectionId={connectionId} links={links} />
      </Panel>
      <Panel title="Or by a script">
        <AppScripts {...props.scripts} />
      </Panel>
      <Panel title="What the portal shows">
        <CredentialForm
          connectionId={connectionId}
          appHelp="A GUID, on the app's overview page."
          clientId={props.clientId}
          onClientId={setClientId}
          keyPair={props.keyPair}
          commands={props.commands}
          onSaved={() => router.push(`/connections/new?connection=${connectionId}`)}
        />
      </Panel>
    </Stack>
  );
}
