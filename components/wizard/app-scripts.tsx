"use client";
import { Accordion, Text } from "@mantine/core";
import { CopyBlock } from "../ui/copy-block.tsx";

/** The same steps as scripts that make app, permissions, consent and secret in one go. */
export function AppScripts(props: {
  /** Null where the Azure CLI does not reach the chosen cloud. */
  readonly azureCli: string | null;
  readonly powershell: string;
}) {
  return (
    <>
      <Text size="sm" mb="sm">
        Whoever runs one signs in as a Global Administrator of the tenant. It prints the client ID
        and the secret to enter below.
      </Text>
      <Accordion variant="separated" order={3}>
        {props.azureCli !== null && (
          <Accordion.Item value="azure-cli">
            <Accordion.Control>Azure CLI (bash)</Accordion.Control>
            <Accordion.Panel>
              <CopyBlock text={props.azureCli} label="the Azure CLI script" />
            </Accordion.Panel>
          </Accordion.Item>
        )}
        <Accordion.Item value="powershell">
          <Accordion.Control>Windows PowerShell 5.1 (32 bit, no modules)</Accordion.Control>
          <Accordion.Panel>
            <Text size="sm" mb="sm">
              Save it as a file ending in .ps1 and run that: it goes on in the 32-bit host by itself
              and signs in by a code in your browser.
            </Text>
            <CopyBlock text={props.powershell} label="the PowerShell script" />
          </Accordion.Panel>
        </Accordion.Item>
      </Accordion>
    </>
  );
}
