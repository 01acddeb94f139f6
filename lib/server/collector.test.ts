import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostsOf } from "#lib/microsoft/clouds";

const root = join(import.meta.dirname, "..", "..");
const path = join(root, "public/collector/seatledger-office365-collector.ps1");
const bytes = readFileSync(path);
const script = bytes.toString("latin1");

type Piece = { readonly kind: "code" | "string" | "comment"; readonly text: string };

const pieceShape =
  /<#[\s\S]*?#>|#[^\n]*|'(?:[^']|'')*'|"(?:[^"`]|`[\s\S]|"")*"|@'\r?\n[\s\S]*?\n'@|@"\r?\n[\s\S]*?\n"@/g;

/** Comments, strings and the code between them; an unclosed one stays in the code. */
function piecesOf(text: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(pieceShape)) {
    pieces.push({ kind: "code", text: text.slice(from, match.index) });
    const kind = match[0].startsWith("#") || match[0].startsWith("<#") ? "comment" : "string";
    pieces.push({ kind, text: match[0] });
    from = match.index + match[0].length;
  }
  return [...pieces, { kind: "code", text: text.slice(from) }];
}

const pieces = piecesOf(script);
const code = pieces
  .map(({ kind, text }) => (kind === "code" ? text : kind === "string" ? "''" : " "))
  .join("");
const help = pieces.find(({ kind }) => kind === "comment")?.text ?? "";
const head = code.slice(code.indexOf("param("), code.indexOf("$CollectorVersion"));
const parameters = [...head.matchAll(/\[(string|switch)\]\$(\w+)/g)].map(([, type, name]) => ({
  type,
  name,
}));

describe("the collector for 32-bit Windows PowerShell 5.1", () => {
  it("is plain ASCII, so that every host reads it alike", () => {
    expect(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true);
  });

  it("goes to the 32-bit host before it does anything, with every parameter, and ends as that ends", () => {
    const body = script.slice(script.indexOf("$CollectorVersion"));
    const relaunch = body.indexOf("if ([Environment]::Is64BitProcess) {");
    const firstWork = body.indexOf("Set-StrictMode");
    expect(relaunch).toBeGreaterThan(0);
    expect(firstWork).toBeGreaterThan(relaunch);
    const block = body.slice(relaunch, firstWork);
    expect(block).toContain("SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe");
    expect(block).toContain("foreach ($name in $PSBoundParameters.Keys)");
    expect(block).toContain("exit $LASTEXITCODE");
    expect(body.slice(0, relaunch)).not.toMatch(/Invoke-|Read-Host|New-Object/);
  });

  it("loads no modules and asks for none", () => {
    expect(code).not.toMatch(/Import-Module|Install-Module|Get-Module|using\s+module|#Requires/i);
    expect(script).not.toMatch(/Connect-(Mg|Msol|AzureAD)|Get-(Mg|Msol|AzureAD)/i);
  });

  it("keeps to the syntax and the commands of 5.1", () => {
    expect(code).not.toMatch(/\?\?|\?\.|\?\[|&&|\|\||\s\?\s[^{]*\s:\s/);
    expect(code).not.toMatch(
      /-Parallel|-AsHashtable|-SkipHttpErrorCheck|-Authentication|-MaximumRetryCount|-SkipCertificateCheck|Join-String|Get-Error|Test-Json|\$Is(Windows|Linux|MacOS)|-Form\b|clean\s*\{/i,
    );
    expect(code).not.toMatch(/ConvertFrom-Json\s+-Depth|Invoke-Expression|\biex\b/i);
  });

  it("closes what it opens: quotes, braces, brackets", () => {
    expect(code.replaceAll("''", "")).not.toMatch(/['"]/);
    const pairs: Readonly<Record<string, string>> = { ")": "(", "]": "[", "}": "{" };
    const open: string[] = [];
    for (const mark of code.match(/[()[\]{}]/g) ?? []) {
      const opener = pairs[mark];
      if (opener === undefined) open.push(mark);
      else expect(open.pop()).toBe(opener);
    }
    expect(open).toEqual([]);
  });

  it("tells of every parameter in its help, of every exit code, and of nothing else", () => {
    const told = [...help.matchAll(/\.PARAMETER (\w+)/g)].map(([, name]) => name);
    expect(told.sort()).toEqual(parameters.map(({ name }) => name).sort());
    const listed = /Exit codes: ([\s\S]+?)\n#>/.exec(help)?.[1] ?? "";
    const codes = new Set(
      [...listed.matchAll(/(?:^|; |\n)(\d+) /g)].map(([, code]) => Number(code)),
    );
    const used = [...code.matchAll(/Stop-Collector (\d+)|exit (\d+)|ExitCode = (\d+)/g)].map(
      (match) => Number(match[1] ?? match[2] ?? match[3]),
    );
    expect([...new Set(used)].sort((a, b) => a - b)).toEqual([...codes].sort((a, b) => a - b));
  });

  it("takes no secret as a parameter and writes none down", () => {
    const secretive = parameters.filter(
      ({ type, name }) => type === "string" && /secret|token|password/i.test(name ?? ""),
    );
    expect(secretive.map(({ name }) => name)).toEqual(["SecretFile", "UploadTokenFile"]);
    for (const line of script.split("\n")) {
      if (!/Write-Step|Write-Host|Stop-Collector|AppendAllText/.test(line)) continue;
      expect(line).not.toMatch(/Get-Plain|\$script:(Secret|Token)\b|\$headers|ErrorDetails|\$body/);
    }
  });

  it("knows the clouds' hosts as the importer does", () => {
    const spelled = {
      Global: "global",
      USGovL4: "us-gov-l4",
      USGovL5: "us-gov-l5",
      China: "china",
    } as const;
    for (const [name, cloud] of Object.entries(spelled)) {
      const { loginHost, graphHost } = hostsOf(cloud);
      const line = new RegExp(
        `${name}\\s+= @\\{ Login = 'https://([^']+)'; Graph = 'https://([^']+)'`,
      ).exec(script);
      expect(line?.slice(1, 3)).toEqual([loginHost, graphHost]);
    }
  });

  it("has every switch that the guide and the page name", () => {
    const names = new Set(parameters.map(({ name }) => name));
    for (const text of [
      readFileSync(join(root, "docs/guide/office-365-deprecated.md"), "utf8"),
      readFileSync(join(root, "components/packages/collector-guide.tsx"), "utf8"),
    ]) {
      const commands = text.match(/(?:collector\.ps1|\$\{script\})[^\n"]*|^ +-[A-Z][^\n]*/gm) ?? [];
      const switches = commands.flatMap((line) =>
        [...line.matchAll(/\s-([A-Z]\w+)/g)].map(([, name]) => name),
      );
      expect(switches.length).toBeGreaterThan(3);
      const named = [...text.matchAll(/`-([A-Z]\w+)/g)].map(([, name]) => name);
      for (const name of [...switches, ...named]) expect(names).toContain(name);
    }
  });

  const pwsh = (process.env.PATH ?? "")
    .split(delimiter)
    .map((folder) => join(folder, "pwsh"))
    .find(existsSync);

  it.runIf(pwsh !== undefined)("is parsed by PowerShell without an error", () => {
    const command = `$e = $null; [void][System.Management.Automation.Language.Parser]::ParseFile('${path}', [ref]$null, [ref]$e); $e.Count`;
    const found = execFileSync(pwsh ?? "", ["-NoProfile", "-Command", command], {
      encoding: "utf8",
    });
    expect(found.trim()).toBe("0");
  });
});
