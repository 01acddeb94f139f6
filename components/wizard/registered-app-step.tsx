"use client";
import { Stack } from "@mantine/core";
import { useState } from "react";
import { portalLinks } from "#lib/domain/portal-links";
import { Panel } from "../ui/panel.tsx";
import { AppCredentialForm, type EnterCredential } from "./app-credential-form.tsx";
import { PortalChecklist } from "./portal-checklist.tsx";

const guidPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What is done in Microsoft's portal, and beside it the form that takes what the portal shows. */
export function RegisteredAppStep(props: {
  readonly connectionId: string;
  readonly tenantId: string;
  readonly portalOrigin: string;
  /** Stored before; null while nothing was entered. */
  readonly clientId: string | null;
  readonly enterCredential: EnterCredential;
}) {
  const { connectionId, tenantId, portalOrigin } = props;
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
      <Panel title="What the portal shows">
        <AppCredentialForm
          connectionId={connectionId}
          clientId={props.clientId}
          onClientId={setClientId}
          enterCredential={props.enterCredential}
        />
      </Panel>
    </Stack>
  );
}
