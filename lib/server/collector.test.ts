import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { hostsOf } from "#lib/microsoft/clouds";
import {
  manifestName,
  signInsName,
  signInWire,
  skusName,
  skuWire,
  usersName,
  userWire,
} from "#lib/office365-export/format";
import {
  commandFindings,
  hostFindings,
  nodesOf,
  parsePowershell,
  secretFindings,
  syntaxFindings,
  usageFindings,
} from "#lib/testing/powershell";

const root = join(import.meta.dirname, "..", "..");
const bytes = readFileSync(join(root, "public/collector/seatledger-office365-collector.ps1"));
const script = bytes.toString("latin1");
const tree = await parsePowershell(script);

const help = nodesOf(tree, "comment").find(({ text }) => text.startsWith("<#"))?.text ?? "";
const [head] = nodesOf(tree, "param_block");
const parameters = [...(head?.text ?? "").matchAll(/\[(string|switch)\]\$(\w+)/g)].map(
  ([, type, name]) => ({ type, name }),
);

describe("the collector for 32-bit Windows PowerShell 5.1", () => {
  it("is plain ASCII, so that every host reads it alike", () => {
    expect(bytes.every((byte) => byte === 0x0a || (byte >= 0x20 && byte < 0x7f))).toBe(true);
  });

  it("is parsed without an error and has nothing of newer hosts", () => {
    expect(syntaxFindings(tree)).toEqual([]);
  });

  it("calls its own functions and cmdlets of 5.1 by their full names, no module and no alias", () => {
    expect(commandFindings(tree, ["& $host32", "& $ToRow"])).toEqual([]);
    const rows = [...script.matchAll(/'(ConvertTo-\w+Row)'/g)].map(([, name]) => name);
    expect(rows).toHaveLength(3);
    for (const name of rows) expect(script).toContain(`function ${name} {`);
  });

  it("reads no variable that is set nowhere, and gives no function more than it takes", () => {
    expect(usageFindings(tree)).toEqual([]);
  });

  it("goes to the 32-bit host before it does anything, with every parameter, and ends as that ends", () => {
    expect(hostFindings(tree)).toEqual([]);
    const relaunch = nodesOf(tree, "if_statement")[0]?.text;
    expect(relaunch).toContain("foreach ($name in $PSBoundParameters.Keys)");
    expect(relaunch).toContain("'-ExecutionPolicy', [string](Get-ExecutionPolicy)");
  });

  it("asks nothing of a parameter's default, which 5.1 takes before it knows the script's folder", () => {
    expect(head?.text).not.toMatch(/\$PS\w+/);
  });

  it("tells of every parameter in its help, of every exit code, and of nothing else", () => {
    const told = [...help.matchAll(/\.PARAMETER (\w+)/g)].map(([, name]) => name);
    expect(told.sort()).toEqual(parameters.map(({ name }) => name).sort());
    const listed = /Exit codes: ([\s\S]+?)\n#>/.exec(help)?.[1] ?? "";
    const codes = [...listed.matchAll(/(?:^|; |\n)(\d+) /g)].map(([, code]) => Number(code));
    const used = nodesOf(tree, "command", "flow_control_statement", "assignment_expression")
      .map(({ text }) => /^(?:Stop-Collector|exit|\$script:ExitCode =) (\d+)/.exec(text)?.[1])
      .filter((code) => code !== undefined);
    expect(new Set(used.map(Number))).toEqual(new Set(codes));
  });

  it("takes no secret as a parameter and writes none down", () => {
    const secretive = parameters.filter(
      ({ type, name }) => type === "string" && /secret|token|password/i.test(name ?? ""),
    );
    expect(secretive.map(({ name }) => name)).toEqual(["SecretFile", "UploadTokenFile"]);
    const secrets =
      /Get-Plain|\$(script:)?(Secret|Token|UploadToken)\b|\$(headers|body|answer|value)\b|ErrorDetails/i;
    expect(secretFindings(tree, secrets)).toEqual([
      expect.stringContaining("WriteAllText($Path, (ConvertFrom-SecureString"),
    ]);
  });

  /** The keys of the first table of keys and values in a function. */
  const keysOf = (name: string): readonly string[] => {
    const made = nodesOf(tree, "function_statement").find((node) =>
      node.text.startsWith(`function ${name} `),
    );
    const [table] = made === undefined ? [] : nodesOf(made, "hash_literal_expression");
    return table === undefined ? [] : nodesOf(table, "key_expression").map(({ text }) => text);
  };

  it("writes the rows and the manifest that the reader takes, field by field", () => {
    expect(keysOf("ConvertTo-SkuRow").toSorted()).toEqual(Object.keys(skuWire.shape).toSorted());
    expect(keysOf("ConvertTo-UserRow").toSorted()).toEqual(Object.keys(userWire.shape).toSorted());
    expect(keysOf("ConvertTo-SignInRow").toSorted()).toEqual(
      Object.keys(signInWire.shape).toSorted(),
    );
    expect(keysOf("Get-FileFacts")).toEqual(["rows", "bytes", "sha256"]);
    const license = nodesOf(tree, "hash_literal_expression")
      .filter(({ text }) => text.includes("disabledPlanIds"))
      .map((table) =>
        nodesOf(table, "key_expression")
          .map(({ text }) => text)
          .toSorted(),
      );
    const wire = Object.keys(userWire.shape.licenses.element.shape).toSorted();
    expect(license).toEqual([wire, wire]);
    for (const file of [skusName, usersName, signInsName, manifestName]) {
      expect(script).toContain(`"$Folder\\${file}"`);
    }
  });

  it("asks Microsoft for every field of an account that it reads, and for no other", () => {
    const asked = /\$UserFields = '([^']+)' \+\s+'([^']+)'/.exec(script);
    const fields = `${asked?.[1]}${asked?.[2]}`.split(",");
    const readers = ["ConvertTo-UserRow", "Get-Licenses"].join("|");
    const read = nodesOf(tree, "function_statement")
      .filter(({ text }) => new RegExp(`^function (${readers}) `).test(text))
      .flatMap(({ text }) => [...text.matchAll(/Get-Field \$User '(\w+)'/g)])
      .map(([, name]) => name ?? "");
    expect([...new Set(read)].toSorted()).toEqual(fields.toSorted());
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
    const ofTheHost = ["NoProfile", "ExecutionPolicy", "File"];
    const names = new Set([...ofTheHost, ...parameters.map(({ name }) => name)]);
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
});
