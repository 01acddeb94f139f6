import type { PackageFault, PackageFaultCode, PackageKind, PackageState } from "./package.ts";

/** A refused upload as a person reads it: what happened, and what to do. Nothing was changed by it. */
export interface PackageFaultText {
  readonly what: string;
  readonly action: string;
}

type Facts = NonNullable<PackageFault["facts"]>;
type Telling = (facts: Facts) => PackageFaultText;

const say =
  (what: string, action: string): Telling =>
  () => ({ what, action });

const fileOf = ({ file }: Facts): string =>
  file === undefined ? "A file" : `The file \u201C${file}\u201D`;

const collectAgain = "Run the collector again and upload the package it writes, unopened.";
const uploadAgain = "Upload it again. If that does not help, run the collector again.";

const tellings: Readonly<Record<PackageFaultCode, Telling>> = {
  "not-a-zip": say(
    "The file is no export package: it is not a ZIP.",
    "Choose the .zip file that the collector wrote.",
  ),
  truncated: say("The package is damaged or was cut off.", uploadAgain),
  encrypted: say(
    "The package is protected with a password.",
    "Upload it as the collector wrote it, without a password.",
  ),
  "unsafe-name": (facts) => ({
    what: `The package names a file outside itself (\u201C${facts.file ?? "?"}\u201D), so nothing of it was read.`,
    action: `Do not use this file. ${collectAgain}`,
  }),
  "duplicate-file": (facts) => ({
    what: `${fileOf(facts)} is in the package twice.`,
    action: collectAgain,
  }),
  "unexpected-file": (facts) => ({
    what: `${fileOf(facts)} does not belong in an export package.`,
    action: collectAgain,
  }),
  "missing-file": (facts) => ({
    what: `${fileOf(facts)} is missing from the package.`,
    action: collectAgain,
  }),
  "too-many-files": (facts) => ({
    what: `The package has ${facts.files ?? "too many"} files; an export package has at most four.`,
    action: collectAgain,
  }),
  "expands-too-much": (facts) => ({
    what: `${fileOf(facts)} would unpack to far more than an export package can hold.`,
    action: `Do not use this file. ${collectAgain}`,
  }),
  "manifest-unreadable": (facts) => ({
    what:
      facts.field === undefined
        ? "The package's manifest cannot be read."
        : `The package's manifest has no usable \u201C${facts.field}\u201D.`,
    action: collectAgain,
  }),
  "future-version": (facts) => ({
    what: `The package has format version ${facts.version ?? "?"}; this installation reads up to ${facts.known ?? "?"}.`,
    action: "Use the collector that this installation offers, or update the installation.",
  }),
  "wrong-hash": (facts) => ({
    what: `${fileOf(facts)} is not what the collector wrote: its hash differs from the manifest.`,
    action: collectAgain,
  }),
  "wrong-size": (facts) => ({
    what: `${fileOf(facts)} is longer or shorter than the manifest says.`,
    action: collectAgain,
  }),
  "wrong-count": (facts) => ({
    what: `${fileOf(facts)} has ${facts.found ?? "?"} rows; the manifest says ${facts.expected ?? "?"}.`,
    action: collectAgain,
  }),
  "line-too-long": (facts) => ({
    what: `${fileOf(facts)} has a line that is longer than any row can be.`,
    action: collectAgain,
  }),
  "no-skus": say(
    "There is not one SKU in it. We do not take that for a tenant without licenses.",
    "Check that the account that collected it may read subscriptions, then collect again.",
  ),
  "no-users": say(
    "There is not one account in it. We do not take that for a tenant without people.",
    "Check that the account that collected it may read users, then collect again.",
  ),
  "other-tenant": (facts) => ({
    what: `It is of another tenant (${facts.tenantId ?? "?"}).`,
    action: "Upload it to that tenant's connection, or collect the right tenant.",
  }),
  "collected-in-future": (facts) => ({
    what: `It says it was collected at ${facts.collectedAt ?? "?"}, which is still to come.`,
    action: "Set the clock of the computer that collects, then collect again.",
  }),
  "older-than-published": (facts) => ({
    what: `It was collected at ${facts.collectedAt ?? "?"}; the published numbers are newer, as of ${facts.publishedAt ?? "?"}.`,
    action: "Nothing to do. To bring in history, upload old files first, oldest to newest.",
  }),
  "sent-incomplete": say(
    "The upload stopped before all of it had arrived.",
    "Upload it again: what had arrived was removed.",
  ),
  "csv-encoding": (facts) => ({
    what: `The file of ${facts.file ?? "the script"} is neither UTF-8 nor UTF-16, so names in it would be wrong.`,
    action: "Open it in Notepad and save it with the encoding UTF-8, then upload it again.",
  }),
  "csv-malformed": (facts) => ({
    what: `The file of ${facts.file ?? "the script"} is no complete CSV file.`,
    action: "Upload the file as Export-Csv wrote it.",
  }),
  "csv-column-missing": (facts) => ({
    what: `The file of ${facts.file ?? "the script"} has no column \u201C${facts.column ?? "?"}\u201D. Without it numbers would be wrong.`,
    action: "Choose a file that has it, or leave this day out.",
  }),
  "csv-licenses-lost": (facts) => ({
    what: `The column \u201C${facts.column ?? "Licenses"}\u201D holds the name of a list instead of licenses: Export-Csv did not write them down.`,
    action:
      "The licenses of that day cannot be had from this file. Choose one whose script joined them into text.",
  }),
  "csv-sku-unknown": (facts) => ({
    what: `${facts.count === 1 ? "One SKU is" : `${facts.count ?? "Some"} SKUs are`} in neither the file nor Microsoft's product table with one id: ${facts.skus ?? "?"}.`,
    action: "Upload the account SKU file with its SkuId column, which names each id.",
  }),
  "connection-gone": say(
    "The connection was disconnected before it could be imported.",
    "Connect the tenant again, then upload it there.",
  ),
  unexpected: say(
    "Something went wrong on our side while it was checked.",
    "Upload it again. If it happens again, tell whoever runs this installation.",
  ),
};

/** The text of a refusal. Source: UX "Words". */
export const packageFaultText = ({ code, facts = {} }: PackageFault): PackageFaultText =>
  tellings[code](facts);

export const packageKindLabels: Readonly<Record<PackageKind, string>> = {
  package: "Export package",
  "msonline-csv": "MSOnline CSV files",
};

/** Where an upload stands, as lists show it; while an import reads it the import's own state is shown. */
export const packageStateLabels: Readonly<Record<PackageState, string>> = {
  receiving: "Arriving",
  received: "Being checked",
  waiting: "Waits for the import before it",
  importing: "Importing",
  unchanged: "Nothing new",
  refused: "Refused",
  cancelled: "Cancelled",
};
