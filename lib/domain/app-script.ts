import { type Cloud, permissions } from "./connection.ts";

/** What a script makes, and where. `login` and `graph` are the cloud's origins without a trailing slash. */
export interface ScriptedApp {
  readonly cloud: Cloud;
  readonly login: string;
  readonly graph: string;
  readonly tenantId: string;
  /** Letters, digits, spaces and underscores only, as connections are named. */
  readonly name: string;
}

/** What the app of a connection is called. Both shells keep the name between single quotes. */
export const scriptName = (connectionName: string): string =>
  `Seatledger ${connectionName}`.replace(/[^\p{L}\p{N} _]/gu, "").trim();

/** Microsoft Graph as a resource, the same in every cloud. Source: reference/microsoft-graph.md §3.1. */
const graphAppId = "00000003-0000-0000-c000-000000000000";

/** Azure CLI has no cloud of its own for L5, whose Graph is another one. */
const cliClouds: Readonly<Record<Cloud, string | null>> = {
  global: "AzureCloud",
  "us-gov-l4": "AzureUSGovernment",
  "us-gov-l5": null,
  china: "AzureChinaCloud",
};

/**
 * A bash script for the Azure CLI: app, permissions, admin consent and a secret of one year. Null where the CLI does not
 * reach the cloud's Graph. Source: reference/microsoft-graph.md §1.5, §3.1.
 */
export function azureCliScript(app: ScriptedApp): string | null {
  const cloud = cliClouds[app.cloud];
  if (cloud === null) return null;
  const roles = permissions.map(({ appRoleId }) => `  ${appRoleId}=Role`).join(" \\\n");
  return `#!/usr/bin/env bash
set -euo pipefail
name='${app.name}'
tenant='${app.tenantId}'

az cloud set --name ${cloud}
az login --tenant "$tenant" --allow-no-subscriptions --output none
client=$(az ad app create --display-name "$name" --sign-in-audience AzureADMyOrg --query appId --output tsv)
az ad sp create --id "$client" --output none
# ${permissions.map(({ name }) => name).join(", ")}
az ad app permission add --id "$client" --api ${graphAppId} --api-permissions \\
${roles}

# A new app takes a moment to reach every server.
granted=no
for attempt in 1 2 3 4 5 6; do
  if az ad app permission admin-consent --id "$client"; then granted=yes; break; fi
  sleep 10
done
if [ "$granted" = no ]; then
  echo "Admin consent was not granted: ask a Global Administrator to grant it in the portal." >&2
fi

secret=$(az ad app credential reset --id "$client" --append --display-name "$name" --years 1 --query password --output tsv)
echo "Application (client) ID: $client"
echo "Client secret:           $secret"
echo "Expires in one year. The secret is not shown again."
`;
}

/** Microsoft's own public client for command lines, which may ask for a device code. */
const commandLineClientId = "14d82eec-204b-4c2f-b7e8-296a70dab67e";

/** A text in plain ASCII: a file without a mark is read by Windows PowerShell in the code page of the computer. */
const powershellText = (text: string): string => {
  const ascii = text.replace(
    /[^ -~]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return ascii === text ? `'${text}'` : `[regex]::Unescape('${ascii}')`;
};

/**
 * A script for Windows PowerShell 5.1 without modules, always in its 32-bit host: it starts itself anew from SysWOW64 when
 * it was started in the other one. Same outcome as the Azure CLI script, in every cloud.
 */
export function powershellScript(app: ScriptedApp): string {
  const roles = permissions
    .map(({ name, appRoleId }) => `    '${appRoleId}' # ${name}`)
    .join("\r\n");
  return `#Requires -Version 5.1
$ErrorActionPreference = 'Stop'
if ([Environment]::Is64BitProcess) {
    if (-not $PSCommandPath) { throw 'Save this as a file that ends in .ps1, and run the file.' }
    $hostPath = Join-Path $env:SystemRoot 'SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe'
    & $hostPath -NoProfile -ExecutionPolicy (Get-ExecutionPolicy) -File $PSCommandPath
    exit $LASTEXITCODE
}
Set-StrictMode -Version 2.0
[Net.ServicePointManager]::SecurityProtocol = [Net.SecurityProtocolType]::Tls12

$name = ${powershellText(app.name)}
$login = '${app.login}/${app.tenantId}/oauth2/v2.0'
$graph = '${app.graph}/v1.0'
$client = '${commandLineClientId}'
$scope = '${app.graph}/Application.ReadWrite.All ${app.graph}/AppRoleAssignment.ReadWrite.All'
$roles = @(
${roles}
)

$device = Invoke-RestMethod -Method Post -Uri "$login/devicecode" -Body @{ client_id = $client; scope = $scope }
Write-Host $device.message
$token = $null
while ($null -eq $token) {
    Start-Sleep -Seconds $device.interval
    try {
        $token = Invoke-RestMethod -Method Post -Uri "$login/token" -Body @{
            grant_type  = 'urn:ietf:params:oauth:grant-type:device_code'
            client_id   = $client
            device_code = $device.device_code
        }
    } catch {
        # Until the code was entered the answer is a refusal that says so.
        $problem = [string]$_.ErrorDetails
        if ($problem -notmatch '"(authorization_pending|slow_down)"') { throw }
    }
}
$headers = @{ Authorization = 'Bearer ' + $token.access_token }

function Send-Graph([string]$Path, [hashtable]$Content) {
    $json = $Content | ConvertTo-Json -Depth 6
    # A new app takes a moment to reach every server.
    for ($attempt = 1; $true; $attempt++) {
        try {
            return Invoke-RestMethod -Method Post -Uri "$graph/$Path" -Headers $headers -ContentType 'application/json; charset=utf-8' -Body $json
        } catch {
            if ($attempt -ge 6) { throw }
            Start-Sleep -Seconds 10
        }
    }
}

$access = @($roles | ForEach-Object { @{ id = $_; type = 'Role' } })
$app = Send-Graph 'applications' @{
    displayName            = $name
    signInAudience         = 'AzureADMyOrg'
    requiredResourceAccess = @(@{ resourceAppId = '${graphAppId}'; resourceAccess = $access })
}
$principal = Send-Graph 'servicePrincipals' @{ appId = $app.appId }
$resource = Invoke-RestMethod -Uri "$graph/servicePrincipals(appId='${graphAppId}')" -Headers $headers
foreach ($role in $roles) {
    [void](Send-Graph "servicePrincipals/$($principal.id)/appRoleAssignments" @{
        principalId = $principal.id
        resourceId  = $resource.id
        appRoleId   = $role
    })
}
$invariant = [Globalization.CultureInfo]::InvariantCulture
$expires = [DateTime]::UtcNow.AddYears(1).ToString('yyyy-MM-ddTHH:mm:ssZ', $invariant)
$secret = Send-Graph "applications/$($app.id)/addPassword" @{
    passwordCredential = @{ displayName = $name; endDateTime = $expires }
}
Write-Host "Application (client) ID: $($app.appId)"
Write-Host "Client secret:           $($secret.secretText)"
Write-Host "Expires on:              $expires. The secret is not shown again."
`.replace(/\r?\n/g, "\r\n");
}
