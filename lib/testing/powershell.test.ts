import { describe, expect, it } from "vitest";
import {
  commandFindings,
  hostFindings,
  parsePowershell,
  secretFindings,
  syntaxFindings,
  usageFindings,
} from "./powershell.ts";

const relaunch = `if ([Environment]::Is64BitProcess) {
    $there = Join-Path $env:SystemRoot 'SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe'
    & $there -File $PSCommandPath
    exit $LASTEXITCODE
}
`;

describe("checks of PowerShell", () => {
  it.each([
    ["$a = $b ?? 3"],
    ["$a ??= 3"],
    ["$a?.Length"],
    ["$a = $b ? 1 : 2"],
    ["Get-Item a && Get-Item b"],
    ["Get-Item a || exit 1"],
    ["1..3 | ForEach-Object -Parallel { $_ }"],
    ["if ($IsWindows) { 1 }"],
    ["if ($a { 1 }"],
    ["$a = 'no end"],
    ["$a = @(1, 2"],
  ])("see what 5.1 does not understand: %s", async (script) => {
    expect(syntaxFindings(await parsePowershell(script))).not.toEqual([]);
  });

  it.each([
    ["gci ."],
    ["1 | % { $_ }"],
    ["1 | ? { $_ }"],
    ["Import-Module Az"],
    ["using module Az"],
    ["Connect-MgGraph"],
    ["iex 'x'"],
    ["Invoke-Expression 'x'"],
    [". .\\other.ps1"],
    ["& $anything"],
    ["& other.exe"],
    ["Invoke-RestMethod -SkipHttpErrorCheck -Uri x"],
    ["ConvertFrom-Json -AsHashtable"],
    ["Add-Type -TypeDefinition 'class A {}'"],
    ["function f { clean { 1 } }"],
    ["#Requires -Modules Az"],
    ["get-item x"],
  ])("see commands that are not on the list: %s", async (script) => {
    expect(commandFindings(await parsePowershell(script), ["& $known"])).toHaveLength(1);
  });

  it("let pass what is 5.1 and on the list", async () => {
    const root = await parsePowershell(`#Requires -Version 5.1
function Get-Double([int]$Number) { return 2 * $Number }
& $known
(Get-Double 2), 3 | Where-Object { $_ -gt 2 } | ForEach-Object { Write-Host "$_ is large" }`);
    expect([...syntaxFindings(root), ...commandFindings(root, ["& $known"])]).toEqual([]);
  });

  it.each([
    ["$a = 1; Write-Host $b"],
    ["function f { param($x) $y }\nf 1"],
    ["$unused = 1"],
    ["function f { param($x, $y) $x + $y }\nf 1 2 3"],
    ['Write-Host "It is $nothing"'],
  ])("see what would stop at run time: %s", async (script) => {
    expect(usageFindings(await parsePowershell(script))).not.toEqual([]);
  });

  it("let pass variables that are used, in any case and scope", async () => {
    const root = await parsePowershell(`$script:Rows = 0
function Add-Row { param([string]$Name, $By = 1) foreach ($part in $name) { $script:rows += $by; Write-Host "$part" } }
Add-Row $env:SystemRoot 2
Write-Host $Rows.ToString('N0') $PSScriptRoot`);
    expect(usageFindings(root)).toEqual([]);
  });

  it.each([
    ["no question", "Set-StrictMode -Version 2.0"],
    ["work before", `Write-Host 'x'\n${relaunch}Set-StrictMode -Version 2.0`],
    [
      "another question",
      `if ($true) { exit $LASTEXITCODE }\n${relaunch}Set-StrictMode -Version 2.0`,
    ],
    ["no end", `${relaunch.replace("exit $LASTEXITCODE", "")}Set-StrictMode -Version 2.0`],
    ["another host", `${relaunch.replace("SysWOW64", "System32")}Set-StrictMode -Version 2.0`],
    ["another script", `${relaunch.replace("$PSCommandPath", "x.ps1")}Set-StrictMode -Version 2.0`],
    ["not strict", `${relaunch}Write-Host 'x'`],
  ])("see a script that does not begin in the 32-bit host: %s", async (_, script) => {
    expect(hostFindings(await parsePowershell(script))).not.toEqual([]);
  });

  it("let pass one that does", async () => {
    const root = await parsePowershell(`$version = '1'\n${relaunch}Set-StrictMode -Version 2.0`);
    expect(hostFindings(root)).toEqual([]);
  });

  it.each([
    ['Write-Host "It is $($secret.text)"'],
    ["Write-Step $secret"],
    ["[IO.File]::WriteAllText($path, $secret)"],
    ["$writer.Write($secret)"],
    ["throw (Stop-It $secret)"],
  ])("see a secret that is shown or written: %s", async (script) => {
    expect(secretFindings(await parsePowershell(script), /\$secret\b/)).toHaveLength(1);
  });

  it("let pass a secret that is used", async () => {
    const root = await parsePowershell("$body = @{ client_secret = $secret }\nWrite-Host 'done'");
    expect(secretFindings(root, /\$secret\b/)).toEqual([]);
  });
});
