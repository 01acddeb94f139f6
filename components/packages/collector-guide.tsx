import { Anchor, Code, List, ListItem, Stack, Text } from "@mantine/core";
import { CopyBlock } from "../ui/copy-block.tsx";
import { CopyValue } from "../ui/copy-value.tsx";

/** Where the collector is had, how its file is checked, and the commands that run it. */
export function CollectorGuide(props: {
  readonly path: string;
  /** SHA-256, as Get-FileHash prints it. */
  readonly sha256: string;
  readonly appUrl: string;
  readonly connectionId: string;
  readonly tenantId: string;
  /** As the collector spells the cloud. */
  readonly cloud: string;
}) {
  const name = props.path.slice(props.path.lastIndexOf("/") + 1);
  const script = `.\\${name}`;
  return (
    <List type="ordered" spacing="md">
      <ListItem>
        <Stack gap={6}>
          <Text size="sm">
            Download{" "}
            <Anchor href={props.path} download={name} underline="always">
              the collector
            </Anchor>{" "}
            to the computer that shall run it, and compare its SHA-256:
          </Text>
          <CopyValue value={props.sha256} label="the SHA-256" />
          <CopyBlock
            label="the check"
            text={`(Get-FileHash ${script}).Hash -eq '${props.sha256}'\nUnblock-File ${script}`}
          />
          <Text size="sm" c="dimmed">
            Unblock-File takes the Mark of the Web off the file: without it the execution policy
            RemoteSigned refuses to run it.
          </Text>
        </Stack>
      </ListItem>
      <ListItem>
        <Stack gap={6}>
          <Text size="sm">
            Register an app in the tenant with the application permissions{" "}
            <Code>Organization.Read.All</Code> and <Code>User.Read.All</Code>, approved by an
            administrator, and a client secret. Store the secret, and the upload token where the
            collector shall upload by itself. Both files can be read by this Windows account on this
            computer alone.
          </Text>
          <CopyBlock
            label="the commands"
            text={`${script} -SecretFile .\\secret.txt -SaveSecret\n${script} -UploadTokenFile .\\token.txt -SaveUploadToken`}
          />
        </Stack>
      </ListItem>
      <ListItem>
        <Stack gap={6}>
          <Text size="sm">
            Run it. It always runs in the 32-bit Windows PowerShell 5.1, needs no modules, and
            changes nothing in the tenant. Leave the last line out to upload by hand.
          </Text>
          <CopyBlock
            label="the command"
            text={[
              `${script} -TenantId ${props.tenantId} -ClientId <application id> -Cloud ${props.cloud} \``,
              "  -SecretFile .\\secret.txt `",
              `  -UploadUrl ${props.appUrl} -ConnectionId ${props.connectionId} -UploadTokenFile .\\token.txt`,
            ].join("\n")}
          />
        </Stack>
      </ListItem>
      <ListItem>
        <Stack gap={6}>
          <Text size="sm">
            For every night, let the Task Scheduler start the 32-bit host in the folder of the
            collector, as the account that stored the secret:
          </Text>
          <CopyValue value={host32} label="the program" />
          <CopyBlock
            label="the arguments"
            text={[
              `-NoProfile -ExecutionPolicy RemoteSigned -File ${name}`,
              `-TenantId ${props.tenantId} -ClientId <application id> -Cloud ${props.cloud}`,
              "-SecretFile secret.txt -LogFile collector.log",
              `-UploadUrl ${props.appUrl} -ConnectionId ${props.connectionId} -UploadTokenFile token.txt`,
            ].join(" ")}
          />
          <Text size="sm" c="dimmed">
            The task&apos;s last result is the collector&apos;s exit code: 0x0 means done. An alert
            is raised here when packages stop coming.
          </Text>
        </Stack>
      </ListItem>
    </List>
  );
}

/** On 64-bit Windows; the collector goes there by itself, a task should start there. */
const host32 = "C:\\Windows\\SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe";
