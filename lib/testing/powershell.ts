import { fileURLToPath } from "node:url";
import treeSitter, { type Node } from "@vscode/tree-sitter-wasm";

const { Parser, Language } = treeSitter;

/** PowerShell as a syntax tree; what is no PowerShell is in it as nodes of errors. Source: docs/adr/0016. */
export async function parsePowershell(script: string): Promise<Node> {
  await Parser.init();
  const grammar = import.meta.resolve("@vscode/tree-sitter-wasm");
  const parser = new Parser();
  parser.setLanguage(
    await Language.load(fileURLToPath(new URL("tree-sitter-powershell.wasm", grammar))),
  );
  const tree = parser.parse(script);
  if (tree === null) throw new Error("The parser gave nothing.");
  return tree.rootNode;
}

/** All nodes of the types below a node, in the order they are written. */
export const nodesOf = (root: Node, ...types: readonly string[]): readonly Node[] =>
  root.descendantsOfType([...types]).filter((node) => node !== null);

/** Top-level statements, comments left out. */
export const statementsOf = (root: Node): readonly Node[] =>
  root.children
    .filter((node) => node?.type === "statement_list")
    .flatMap((list) => list?.namedChildren ?? [])
    .filter((node) => node !== null && node.type !== "comment")
    .filter((node) => node !== null);

/** What a command calls as it is written; for `& x` and `. x` the operator stands in front. */
export function calledBy(command: Node): string {
  const first = command.children[0];
  if (first?.type === "command_name") return first.text;
  if (first?.type === "foreach_command") return /^\S+/.exec(first.text)?.[0] ?? "";
  return `${first?.text} ${command.childForFieldName("command_name")?.text}`;
}

/** Names of the functions a script defines. */
export const functionsOf = (root: Node): readonly string[] =>
  nodesOf(root, "function_name").map(({ text }) => text);

const place = (node: Node): string => `line ${node.startPosition.row + 1}`;

/**
 * The cmdlets that the shipped scripts may call, with the parameters they may give: each is in Windows PowerShell 5.1
 * itself, in the 32-bit host too, under this full name. A new one is looked up there first.
 */
const cmdlets: Readonly<Record<string, readonly string[]>> = {
  "Add-Type": ["AssemblyName"],
  "ConvertFrom-Json": [],
  "ConvertFrom-SecureString": ["SecureString"],
  "ConvertTo-Json": ["InputObject", "Compress", "Depth"],
  "ConvertTo-SecureString": ["String"],
  "ForEach-Object": [],
  "Get-Date": [],
  "Get-ExecutionPolicy": [],
  "Get-Item": ["LiteralPath"],
  "Invoke-RestMethod": [
    ...["Uri", "Method", "Headers", "Body", "ContentType"],
    ...["UseBasicParsing", "TimeoutSec", "MaximumRedirection"],
  ],
  "Join-Path": [],
  "New-Object": [],
  "Read-Host": ["Prompt", "AsSecureString"],
  "Remove-Item": ["LiteralPath", "Recurse", "Force"],
  "Select-Object": ["First"],
  "Set-StrictMode": ["Version"],
  "Start-Sleep": ["Seconds", "Milliseconds"],
  "Test-Path": ["LiteralPath"],
  "Where-Object": [],
  "Write-Host": [],
};

/** Variables that only newer hosts have. */
const newerVariables = /^\$(Is(Windows|Linux|MacOS|CoreCLR)|PSStyle|EnabledExperimentalFeatures)$/i;

/** Variables that PowerShell sets or heeds itself. */
const automatic: ReadonlySet<string> = new Set([
  ...["_", "null", "true", "false", "lastexitcode", "executioncontext", "psversiontable"],
  ...["psscriptroot", "pscommandpath", "psboundparameters"],
  ...["erroractionpreference", "progresspreference"],
]);

/** What is no PowerShell, or only a newer one's: `??`, `?.`, `? :` and the like end as errors of this grammar. */
export const syntaxFindings = (root: Node): readonly string[] => [
  ...[...walk(root)]
    .filter((node) => node.isError || node.isMissing)
    .map((node) => `${place(node)}: not understood: ${node.text.slice(0, 40)}`),
  ...nodesOf(root, "pipeline_chain_tail").map((node) => `${place(node)}: ${node.text} is of 7`),
  ...nodesOf(root, "variable")
    .filter(({ text }) => newerVariables.test(text))
    .map((node) => `${place(node)}: ${node.text} is of 6 or later`),
];

function* walk(node: Node): Generator<Node> {
  yield node;
  for (const child of node.children) if (child !== null) yield* walk(child);
}

/**
 * Commands beyond the list above and the script's own functions: aliases, modules, foreign cmdlets, code from text, calls of
 * what a variable names except `mayCall`; and `#Requires` of anything but the version.
 */
export function commandFindings(root: Node, mayCall: readonly string[]): readonly string[] {
  const own = functionsOf(root);
  const calls = nodesOf(root, "command").flatMap((command) => {
    const name = calledBy(command);
    if (own.includes(name) || mayCall.includes(name)) return [];
    const known = Object.hasOwn(cmdlets, name) ? cmdlets[name] : undefined;
    if (known === undefined) return [`${place(command)}: ${name} is not on the list`];
    return parametersOf(command)
      .filter((parameter) => !known.includes(parameter))
      .map((parameter) => `${place(command)}: ${name} -${parameter} is not on the list`);
  });
  const required = nodesOf(root, "comment")
    .filter(({ text }) => /^#requires/i.test(text) && text.trim() !== "#Requires -Version 5.1")
    .map((node) => `${place(node)}: ${node.text.trim()}`);
  return [...calls, ...required];
}

/**
 * Variables that are read and set nowhere, or set and read nowhere, and calls of the script's own functions with more
 * arguments than they take: what strict mode or the binding of parameters would stop at run time.
 */
export function usageFindings(root: Node): readonly string[] {
  const set = new Set(settersOf(root).map(nameOf));
  const setters = new Set(settersOf(root).map(({ id }) => id));
  const reads = nodesOf(root, "variable").filter(
    ({ id, text }) => !setters.has(id) && !/^\$env:/i.test(text),
  );
  const read = new Set(reads.map(nameOf));
  const unset = reads.filter((node) => !set.has(nameOf(node)) && !automatic.has(nameOf(node)));
  const unread = settersOf(root).filter(
    (node) => !read.has(nameOf(node)) && !automatic.has(nameOf(node)),
  );
  const parameters = new Map(
    nodesOf(root, "function_statement").map((made) => [
      nodesOf(made, "function_name")[0]?.text ?? "",
      nodesOf(made, "script_parameter").length,
    ]),
  );
  const excess = nodesOf(root, "command").filter(
    (command) => argumentsOf(command) > (parameters.get(calledBy(command)) ?? Infinity),
  );
  return [
    ...unset.map((node) => `${place(node)}: ${node.text} is set nowhere`),
    ...unread.map((node) => `${place(node)}: ${node.text} is read nowhere`),
    ...excess.map((node) => `${place(node)}: ${calledBy(node)} takes fewer arguments`),
  ];
}

/** Variables where they get their value: parameters, loops, assignments. */
const settersOf = (root: Node): readonly Node[] =>
  nodesOf(root, "script_parameter", "foreach_statement", "left_assignment_expression").flatMap(
    (node) => {
      if (node.type !== "left_assignment_expression") {
        return node.children.find((child) => child?.type === "variable") ?? [];
      }
      const [variable] = nodesOf(node, "variable");
      return variable !== undefined && variable.text === node.text ? [variable] : [];
    },
  );

/** Without its mark and scope; PowerShell does not look at case. */
const nameOf = ({ text }: Node): string => text.replace(/^[$@](script:)?/i, "").toLowerCase();

/** How many arguments stand by their place alone. */
const argumentsOf = (command: Node): number =>
  (command.childForFieldName("command_elements")?.namedChildren ?? []).filter(
    (node) =>
      !["command_argument_sep", "command_parameter", "argument_list"].includes(node?.type ?? ""),
  ).length;

/** Parameters a command gives itself, not those of commands within its arguments. */
const parametersOf = (command: Node): readonly string[] =>
  nodesOf(command, "command_parameter")
    .filter((parameter) => commandAround(parameter)?.id === command.id)
    .map(({ text }) => text.replace(/^-|:$/g, ""));

function commandAround(node: Node): Node | null {
  let at = node.parent;
  while (at !== null && at.type !== "command") at = at.parent;
  return at;
}

/**
 * Why a script does not begin as each of ours must: nothing but constants before the question whether the process is one of
 * 64 bits; then the same script in the host of SysWOW64, ending as that ends; then strict mode before anything else.
 */
export function hostFindings(root: Node): readonly string[] {
  const statements = statementsOf(root);
  const at = statements.findIndex(({ type }) => type === "if_statement");
  const relaunch = statements[at];
  if (relaunch === undefined) return ["no question for the host"];
  const found: string[] = [];
  for (const early of statements.slice(0, at)) {
    if (!/^\$\w+ = '[^']*'$/.test(early.text))
      found.push(`${place(early)}: before the host is known`);
  }
  const condition = relaunch.childForFieldName("condition")?.text;
  if (condition !== "[Environment]::Is64BitProcess")
    found.push(`${place(relaunch)}: asks ${condition}`);
  const block = nodesOf(relaunch, "statement_list")[0];
  const last = block?.namedChildren.at(-1);
  if (last?.text !== "exit $LASTEXITCODE")
    found.push(`${place(relaunch)}: goes on in the wrong host`);
  for (const needed of ["'SysWOW64\\WindowsPowerShell\\v1.0\\powershell.exe'", "$PSCommandPath"]) {
    if (!relaunch.text.includes(needed)) found.push(`${place(relaunch)}: lacks ${needed}`);
  }
  const work = statements.slice(at + 1).find(({ type }) => type !== "if_statement");
  if (!work?.text.startsWith("Set-StrictMode -Version")) {
    found.push(`${work === undefined ? "the end" : place(work)}: not strict by now`);
  }
  return found;
}

/** Statements that show or write something, such as `Write-Host …` or `[IO.File]::WriteAllText(…)`. */
const outlets = /^(Write-\w+|Stop-\w+|Out-\w+)$|::(AppendAll|WriteAll)\w+|\.Write(Line)?$/;

/** What is shown or written although it names one of the secrets, given as they are written in the script. */
export const secretFindings = (root: Node, secrets: RegExp): readonly string[] =>
  nodesOf(root, "command", "invokation_expression")
    .filter((node) => outlets.test(outletOf(node)) && secrets.test(node.text))
    .map((node) => `${place(node)}: ${node.text.slice(0, 60)}`);

const outletOf = (node: Node): string =>
  node.type === "command" ? calledBy(node) : node.text.slice(0, node.text.indexOf("("));
