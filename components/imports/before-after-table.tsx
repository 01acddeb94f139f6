"use client";
import {
  Button,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import classes from "../ui/compact-table.module.css";
import { formatChange, formatNumber } from "../ui/format.ts";

/** One figure before and after; null = there was none, or it is not known. */
export interface BeforeAfter {
  readonly before: number | null;
  readonly after: number | null;
}

export interface BeforeAfterRow {
  readonly id: string;
  readonly name: string;
  readonly figures: readonly BeforeAfter[];
}

/** Rows shown before the rest is asked for. */
const shownAtOnce = 10;

/** Figures side by side: published now, just read, and the difference. */
export function BeforeAfterTable(props: {
  readonly label: string;
  readonly subject: string;
  /** Names of the figures, in the order of each row's. */
  readonly figures: readonly string[];
  readonly rows: readonly BeforeAfterRow[];
}) {
  const [all, { toggle }] = useDisclosure(false);
  const hidden = props.rows.length - shownAtOnce;
  return (
    <>
      <TableScrollContainer minWidth={props.figures.length > 1 ? 620 : 0} type="native">
        <Table
          aria-label={props.label}
          className={classes.compact}
          verticalSpacing={6}
          horizontalSpacing="sm"
        >
          <TableThead>
            <TableTr>
              <TableTh rowSpan={2}>{props.subject}</TableTh>
              {props.figures.map((figure) => (
                <TableTh key={figure} colSpan={3} ta="center">
                  {figure}
                </TableTh>
              ))}
            </TableTr>
            <TableTr>
              {props.figures.flatMap((figure) =>
                ["Published now", "Just read", "Change"].map((side) => (
                  <TableTh key={`${figure} ${side}`} ta="end">
                    {side}
                  </TableTh>
                )),
              )}
            </TableTr>
          </TableThead>
          <TableTbody>
            {(all ? props.rows : props.rows.slice(0, shownAtOnce)).map((row) => (
              <TableTr key={row.id}>
                <TableTh scope="row" fw={400}>
                  <bdi>{row.name}</bdi>
                </TableTh>
                {row.figures.map((figure, index) => (
                  <Figure key={props.figures[index]} {...figure} />
                ))}
              </TableTr>
            ))}
          </TableTbody>
        </Table>
      </TableScrollContainer>
      {hidden > 0 && (
        <Button variant="default" size="xs" mt="xs" onClick={toggle} aria-expanded={all}>
          {all ? `Show the first ${shownAtOnce}` : `Show ${formatNumber(hidden)} more`}
        </Button>
      )}
    </>
  );
}

function Figure({ before, after }: BeforeAfter) {
  const difference = before === null || after === null ? null : after - before;
  return (
    <>
      <TableTd ta="end">{before === null ? <NotTold /> : formatNumber(before)}</TableTd>
      <TableTd ta="end">{after === null ? <NotTold /> : formatNumber(after)}</TableTd>
      <TableTd ta="end" fw={difference === 0 || difference === null ? 400 : 600}>
        {difference === null ? <NotTold /> : formatChange(difference)}
      </TableTd>
    </>
  );
}

/** Not listed or not reported on that side: no number, and none of zero. */
function NotTold() {
  return (
    <Text span size="sm" c="dimmed">
      not told
    </Text>
  );
}
