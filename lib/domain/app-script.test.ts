import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import {
  commandFindings,
  functionsOf,
  hostFindings,
  parsePowershell,
  secretFindings,
  syntaxFindings,
  usageFindings,
} from "#lib/testing/powershell";
import { azureCliScript, powershellScript, type ScriptedApp, scriptName } from "./app-script.ts";
import { type Cloud, clouds, permissions } from "./connection.ts";

const origins: Readonly<Record<Cloud, readonly [login: string, graph: string]>> = {
  global: ["https://login.microsoftonline.com", "https://graph.microsoft.com"],
  "us-gov-l4": ["https://login.microsoftonline.us", "https://graph.microsoft.us"],
  "us-gov-l5": ["https://login.microsoftonline.us", "https://dod-graph.microsoft.us"],
  china: ["https://login.partner.microsoftonline.cn", "https://microsoftgraph.chinacloudapi.cn"],
};

const appIn = (cloud: Cloud): ScriptedApp => ({
  cloud,
  login: origins[cloud][0],
  graph: origins[cloud][1],
  tenantId: "c0a70500-1d3b-4c6e-9a52-7b1f0e6d2a01",
  name: "Seatledger Contoso",
});

it("lets nothing of a connection's name out of its quotes", () => {
  expect(scriptName("Contoso EMEA_2")).toBe("Seatledger Contoso EMEA_2");
  expect(scriptName("x'; rm -rf \u2019$(id)`")).toBe("Seatledger x rm rf id");
});

describe("azureCliScript", () => {
  it.each(clouds.filter((cloud) => cloud !== "us-gov-l5"))(
    "is a bash script with every permission: %s",
    (cloud) => {
      const script = azureCliScript(appIn(cloud)) ?? "";
      expect(() => execFileSync("bash", ["-n"], { input: script })).not.toThrow();
      for (const { appRoleId } of permissions) expect(script).toContain(`${appRoleId}=Role`);
      expect(script).toContain('--tenant "$tenant"');
    },
  );

  it("chooses the cloud, and is not offered where the CLI reaches another Graph", () => {
    const named = clouds.map(
      (cloud) => /az cloud set --name (\w+)/.exec(azureCliScript(appIn(cloud)) ?? "")?.[1],
    );
    expect(named).toEqual(["AzureCloud", "AzureUSGovernment", undefined, "AzureChinaCloud"]);
  });
});

describe("powershellScript", () => {
  it.each(clouds)("asks only the hosts of the cloud: %s", (cloud) => {
    const script = powershellScript(appIn(cloud));
    const hosts = [...script.matchAll(/https:\/\/[\w.-]+/g)].map(([host]) => host);
    expect(new Set(hosts)).toEqual(new Set(origins[cloud]));
    for (const { appRoleId } of permissions) expect(script).toContain(`'${appRoleId}'`);
  });

  const named = (name: string) => powershellScript({ ...appIn("global"), name });

  it.each([
    ...clouds.map((cloud) => powershellScript(appIn(cloud))),
    named("Seatledger M\u00fcnchen \u6771\u4eac"),
  ])(
    "is Windows PowerShell 5.1 that goes to its 32-bit host first and calls nothing else",
    async (script) => {
      const root = await parsePowershell(script);
      expect(syntaxFindings(root)).toEqual([]);
      expect(commandFindings(root, ["& $hostPath"])).toEqual([]);
      expect(hostFindings(root)).toEqual([]);
      expect(usageFindings(root)).toEqual([]);
      expect(functionsOf(root)).toEqual(["Send-Graph"]);
    },
  );

  it("shows the secret once, on the screen, and nothing of the sign-in", async () => {
    const root = await parsePowershell(named("Seatledger Contoso"));
    expect(secretFindings(root, /\$secret\b/)).toEqual([
      expect.stringContaining('Write-Host "Client secret:'),
    ]);
    expect(secretFindings(root, /\$(token|headers)\b|device_code/)).toEqual([]);
  });

  it("is ASCII with the line ends of Windows, whatever the connection is called", () => {
    const script = named("Seatledger M\u00fcnchen");
    expect(script).toContain("$name = [regex]::Unescape('Seatledger M\\u00fcnchen')");
    expect(named("Seatledger Contoso")).toContain("$name = 'Seatledger Contoso'");
    expect(script).toMatch(/^[ -~\r\n]*$/);
    expect(script).not.toMatch(/[^\r]\n/);
  });
});
