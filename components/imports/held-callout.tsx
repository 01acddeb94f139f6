import { Stack, Table, TableTbody, TableTd, TableTh, TableThead, TableTr } from "@mantine/core";
import type { ReactNode } from "react";
import { datasetLabels, sourceLabels } from "#lib/domain/connection-labels";
import { holdReasonText } from "#lib/domain/hold";
import type { DatasetItem, HoldFigures, HoldItem } from "#lib/domain/import-item";
import { resolutionText } from "#lib/domain/sku-mapping";
import { Callout } from "../ui/callout.tsx";
import { countOf, formatNumber } from "../ui/format.ts";
import type { Command } from "../ui/use-command.ts";
import { HeldDecision } from "./held-decision.tsx";

export type DecideHeld = Command<{
  readonly importId: string;
  readonly dataset?: DatasetItem["name"];
}>;

/** A complete read that is not believable: before and after side by side, why, and the decision. */
export function HeldCallout(props: {
  readonly importId: string;
  readonly dataset: DatasetItem;
  readonly hold: HoldItem;
  readonly decide: { readonly publish: DecideHeld; readonly discard: DecideHeld } | null;
  /** What publishing it would change, in full. */
  readonly children?: ReactNode;
}) {
  const { dataset, hold, importId, decide } = props;
  const name = datasetLabels[dataset.name];
  return (
    <Callout
      tone="warn"
      title={`${name}: held for review. Every page keeps the old numbers until somebody decides.`}
      actions={
        decide === null ? undefined : (
          <HeldDecision importId={importId} dataset={dataset.name} decide={decide} />
        )
      }
    >
      <ul style={{ margin: "0 0 0.5rem", paddingInlineStart: "1.1rem" }}>
        {hold.reasons.map((reason) => (
          <li key={reason}>{holdReasonText(reason)}</li>
        ))}
      </ul>
      {hold.beside !== null && (
        <p>
          Of the licenses both know, {sourceLabels[hold.beside.source]} counts{" "}
          {countOf(hold.beside.counted, "assigned seat")}; this read has{" "}
          {formatNumber(hold.beside.consumed)}.
        </p>
      )}
      {hold.links.length > 0 && (
        <ul style={{ margin: "0 0 0.5rem", paddingInlineStart: "1.1rem" }}>
          {hold.links.map((link) => (
            <li key={link.externalId}>
              <bdi>{link.name ?? link.externalId}</bdi>: {link.before} until now,{" "}
              {link.after ?? "not known"} in this read. {resolutionText(link.resolution)}
            </li>
          ))}
        </ul>
      )}
      <Stack gap="lg">
        <Comparison figures={figuresOf[dataset.name]} before={hold.before} after={hold.after} />
        {props.children}
      </Stack>
      {decide === null && (
        <p>Your role does not include this decision. An analyst or owner can make it.</p>
      )}
    </Callout>
  );
}

type FigureRow = readonly [keyof HoldFigures, string];

/** SKUs and seats are the directory's; the other datasets have rows only. */
const figuresOf: Readonly<Record<DatasetItem["name"], readonly FigureRow[]>> = {
  directory: [
    ["rows", "Accounts"],
    ["skus", "Products"],
    ["consumed", "Assigned seats, our count"],
    ["reported", "Consumed units, Microsoft's count"],
  ],
  "sign-ins": [["rows", "Accounts"]],
  usage: [["rows", "Rows of reports"]],
};

const told = (figure: number | null): string =>
  figure === null ? "Not told" : formatNumber(figure);

function Comparison({
  figures,
  before,
  after,
}: {
  readonly figures: readonly FigureRow[];
  readonly before: HoldFigures | null;
  readonly after: HoldFigures;
}) {
  return (
    <Table maw={560} aria-label="Before and after">
      <TableThead>
        <TableTr>
          <TableTh>Figure</TableTh>
          <TableTh ta="end">Published now</TableTh>
          <TableTh ta="end">Just read</TableTh>
        </TableTr>
      </TableThead>
      <TableTbody>
        {figures.map(([key, label]) => (
          <TableTr key={key}>
            <TableTd>{label}</TableTd>
            <TableTd ta="end">{before === null ? "Nothing yet" : told(before[key])}</TableTd>
            <TableTd ta="end">{told(after[key])}</TableTd>
          </TableTr>
        ))}
      </TableTbody>
    </Table>
  );
}
