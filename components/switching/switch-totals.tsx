import {
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
} from "@mantine/core";
import type { SwitchTotals as Totals } from "#lib/domain/switch-totals";
import classes from "../ui/compact-table.module.css";
import { formatChange, formatNumber } from "../ui/format.ts";

const rows: readonly { readonly field: keyof Totals; readonly name: string }[] = [
  { field: "licenses", name: "Licenses that count" },
  { field: "entitled", name: "Seats entitled" },
  { field: "consumed", name: "Seats consumed" },
  { field: "shortfall", name: "Seats short" },
  { field: "surplus", name: "Seats available" },
  { field: "atRisk", name: "Licenses at risk" },
  { field: "unknown", name: "Licenses whose seats are not known" },
];

/** The totals side by side. Shortfall and surplus are never netted; unknown licenses add no seats and are counted. */
export function SwitchTotals(props: { readonly before: Totals; readonly after: Totals }) {
  return (
    <TableScrollContainer minWidth={300} type="native">
      <Table
        aria-label="Totals before and after"
        className={classes.compact}
        verticalSpacing={6}
        horizontalSpacing="xs"
      >
        <TableThead>
          <TableTr>
            <TableTh>Total</TableTh>
            <TableTh ta="end">Now</TableTh>
            <TableTh ta="end">After</TableTh>
            <TableTh ta="end">Change</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {rows.map(({ field, name }) => {
            const change = props.after[field] - props.before[field];
            return (
              <TableTr key={field}>
                <TableTh scope="row" fw={400}>
                  {name}
                </TableTh>
                <TableTd ta="end">{formatNumber(props.before[field])}</TableTd>
                <TableTd ta="end">{formatNumber(props.after[field])}</TableTd>
                <TableTd ta="end" fw={change === 0 ? 400 : 600}>
                  {formatChange(change)}
                </TableTd>
              </TableTr>
            );
          })}
        </TableTbody>
      </Table>
    </TableScrollContainer>
  );
}
