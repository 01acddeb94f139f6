import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
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

/** Cmdlets that Windows PowerShell 5.1 has without any module of its own to install. */
const builtIn = [
  "ConvertFrom-Json",
  "ConvertTo-Json",
  "ForEach-Object",
  "Get-Date",
  "Get-ExecutionPolicy",
  "Invoke-RestMethod",
  "Join-Path",
  "Start-Sleep",
  "Write-Host",
];

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

  const script = powershellScript(appIn("global"));

  it("starts itself anew in the 32-bit host before it does anything else", () => {
    const relaunch = script.indexOf("if ([Environment]::Is64BitProcess)");
    expect(relaunch).toBeGreaterThan(0);
    expect(relaunch).toBeLessThan(script.indexOf("Invoke-RestMethod"));
    expect(script).toContain("SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe");
    expect(script).toContain("-File $PSCommandPath");
    expect(script).toContain("exit $LASTEXITCODE");
  });

  it("needs no module and calls only what Windows PowerShell 5.1 has", () => {
    const called = [...script.matchAll(/(?<![\w$'-])[A-Z][A-Za-z]+-[A-Z][A-Za-z]+/g)].map(
      ([name]) => name,
    );
    const own = [...script.matchAll(/^function (\S+?)\(/gm)].map(([, name]) => name ?? "");
    expect(new Set(called)).toEqual(new Set([...builtIn, ...own]));
    expect(script).not.toMatch(
      /Import-Module|Install-Module|Add-Type|Invoke-Expression|\?\?|\?\.|&&/,
    );
  });

  it("balances its quotes, brackets and braces", () => {
    const code = script
      .replace(/#.*$/gm, "")
      .replace(/'[^'\r\n]*'/g, "")
      .replace(/"[^"\r\n]*"/g, "");
    expect(code).not.toMatch(/["']/);
    for (const [open, close] of ["()", "{}", "[]"]) {
      expect(code.split(open ?? "").length, `${open}${close}`).toBe(code.split(close ?? "").length);
    }
    expect(script).not.toMatch(/[^\r]\n/);
  });
});
