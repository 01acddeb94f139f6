"use client";
import { Box, Group, rem, Text } from "@mantine/core";
import { type DataTableColumn, DataTable as MantineDataTable } from "mantine-datatable";
import { useSearchParams } from "next/navigation";
import { parseAsString, useQueryStates } from "nuqs";
import { type KeyboardEvent, type ReactNode, useTransition } from "react";
import { CursorLinks } from "./cursor-links.tsx";
import classes from "./data-table.module.css";

export type Column<Row> = DataTableColumn<Row> & {
  /** Name of the column's order in the URL; the server decides what may be sorted. */
  readonly sortName?: string;
};

interface DataTableProps<Row> {
  readonly rows: readonly Row[];
  readonly columns: readonly Column<Row>[];
  readonly rowId: (row: Row) => string;
  readonly label: string;
  readonly empty: ReactNode;
  /** Narrowest width before the table scrolls sideways. Pixels. */
  readonly minWidth?: number;
  /** On narrow screens the cells of a row stand below each other, each under its title, instead. */
  readonly stacks?: boolean;
  readonly retired?: (row: Row) => boolean;
  /** Cursor of the next page; undefined when the table is not paged. */
  readonly nextCursor?: string | null;
  readonly footnote?: ReactNode;
}

/** The one table: arrow keys walk the rows, Enter opens a row's first link, order and page live in the URL. */
export function DataTable<Row>(props: DataTableProps<Row>) {
  const [pending, startTransition] = useTransition();
  const [url, setUrl] = useQueryStates(
    { sort: parseAsString, cursor: parseAsString },
    { shallow: false, history: "push", startTransition },
  );
  const descending = url.sort?.startsWith("-") ?? false;
  const sorted = url.sort?.replace(/^-/, "") ?? "";
  if (props.rows.length === 0) return props.empty;
  return (
    <Box
      aria-busy={pending}
      className={classes.wrap}
      mod={{ stacks: props.stacks }}
      __vars={{ "--table-min-width": rem(props.minWidth ?? 640) }}
    >
      <MantineDataTable<Row>
        aria-label={props.label}
        records={[...props.rows]}
        columns={props.columns.map(({ sortName, ...column }) => ({
          ...column,
          ...(sortName === undefined ? {} : { sortable: true, sortKey: sortName }),
          ...(props.stacks ? { customCellAttributes: () => ({ "data-title": column.title }) } : {}),
        }))}
        idAccessor={props.rowId}
        minHeight={0}
        verticalSpacing="xs"
        horizontalSpacing="sm"
        highlightOnHover
        sortStatus={{
          columnAccessor: columnOf(props.columns, sorted),
          direction: descending ? "desc" : "asc",
        }}
        onSortStatusChange={({ sortKey, direction }) => {
          if (sortKey === undefined) return;
          void setUrl({ sort: direction === "desc" ? `-${sortKey}` : sortKey, cursor: null });
        }}
        customRowAttributes={(_, index) => ({
          tabIndex: index === 0 ? 0 : -1,
          onKeyDown: walkRows,
        })}
        rowClassName={(row) => (props.retired?.(row) ? classes.retired : undefined)}
        scrollAreaProps={{ type: "auto" }}
      />
      <Footer nextCursor={props.nextCursor} footnote={props.footnote} />
    </Box>
  );
}

const columnOf = <Row,>(columns: readonly Column<Row>[], sortName: string): string =>
  String(columns.find((column) => column.sortName === sortName)?.accessor ?? "");

const walkRows = (event: KeyboardEvent<HTMLTableRowElement>): void => {
  const row = event.currentTarget;
  if (event.target !== row) return;
  const next = {
    ArrowDown: row.nextElementSibling,
    ArrowUp: row.previousElementSibling,
    Home: row.parentElement?.firstElementChild,
    End: row.parentElement?.lastElementChild,
  }[event.key];
  if (next instanceof HTMLElement) {
    event.preventDefault();
    next.focus();
  } else if (event.key === "Enter") {
    row.querySelector("a")?.click();
  }
};

function Footer(props: {
  readonly nextCursor: string | null | undefined;
  readonly footnote: ReactNode | undefined;
}) {
  const paged = useSearchParams().has("cursor");
  const isList = props.nextCursor !== undefined && (paged || props.nextCursor !== null);
  if (!isList && props.footnote === undefined) return null;
  return (
    <Group justify="space-between" className={classes.pager}>
      <Text size="sm" c="dimmed" component="div">
        {props.footnote}
      </Text>
      {props.nextCursor !== undefined && <CursorLinks nextCursor={props.nextCursor} />}
    </Group>
  );
}
