"use client";
import {
  Stack,
  Table,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
  Title,
} from "@mantine/core";
import type { ReactNode } from "react";
import type { DepartmentChange } from "#lib/domain/change";
import type { ChangeItem, HeldComparison, HeldLicense } from "#lib/domain/change-models";
import { changeLabels, changeSentence } from "#lib/domain/change-text";
import { PersonLink } from "../changes/person-link.tsx";
import classes from "../ui/compact-table.module.css";
import { countOf, formatNumber } from "../ui/format.ts";
import { BeforeAfterTable } from "./before-after-table.tsx";

/** What publishing a held directory would change: per license, per department, and some of the people behind it. */
export function HeldComparisonDetail(props: {
  readonly comparison: HeldComparison;
  readonly seesPeople: boolean;
}) {
  const { comparison, seesPeople } = props;
  const { first, counts } = comparison.summary;
  const units = comparison.licenses.some(
    ({ enabledBefore, enabledAfter }) => enabledBefore !== null || enabledAfter !== null,
  );
  return (
    <Stack gap="lg">
      <Text size="sm">
        <b>If it is published:</b> {changeSentence({ first, counts }, formatNumber, units)}
      </Text>
      <Block
        title="By license"
        note={`Seats by our own count, the largest change first.${units ? "" : " This connector does not tell enabled units."}`}
      >
        <BeforeAfterTable
          label="Before and after by license"
          subject="License"
          rows={comparison.licenses.map((license) => licenseRow(license, { first, units }))}
          figures={units ? ["Enabled units", "Assigned seats"] : ["Assigned seats"]}
        />
      </Block>
      {comparison.departments.some(({ department }) => department !== null) && (
        <Block title="By department" note="Accounts that hold a license, and their seats.">
          <BeforeAfterTable
            label="Before and after by department"
            subject="Department"
            rows={comparison.departments.map((department) => departmentRow(department, first))}
            figures={["Accounts", "Assigned seats"]}
          />
        </Block>
      )}
      {!first && <Sample rows={comparison.sample} seesPeople={seesPeople} />}
    </Stack>
  );
}

function Sample(props: { readonly rows: readonly ChangeItem[]; readonly seesPeople: boolean }) {
  if (!props.seesPeople) {
    return (
      <Text size="sm" c="dimmed">
        The people behind these figures are not shown: your role does not include seeing people.
      </Text>
    );
  }
  const people = [...Map.groupBy(props.rows, ({ person }) => person?.userId ?? "")];
  if (people.length === 0) return null;
  return (
    <Block
      title={`A sample: ${countOf(people.length, "account")}`}
      note="At most 20 who would lose seats, 20 who would gain some and 20 who are blocked or unblocked."
    >
      <Table
        aria-label="Sample of the changes"
        className={`${classes.compact} ${classes.texts}`}
        verticalSpacing={6}
        horizontalSpacing="sm"
      >
        <TableThead>
          <TableTr>
            <TableTh>Account</TableTh>
            <TableTh>What would change</TableTh>
          </TableTr>
        </TableThead>
        <TableTbody>
          {people.map(([userId, rows]) => (
            <TableTr key={userId}>
              <TableTd>
                <PersonLink userId={userId} size="sm" fw={550}>
                  <bdi>
                    {rows[0]?.person?.displayName ??
                      rows[0]?.person?.userPrincipalName ??
                      "Name not known"}
                  </bdi>
                </PersonLink>
              </TableTd>
              <TableTd>{whatChanges(rows)}</TableTd>
            </TableTr>
          ))}
        </TableTbody>
      </Table>
    </Block>
  );
}

/** `Seat lost: Visio Plan 2, Power BI Pro`, kind by kind. */
const whatChanges = (rows: readonly ChangeItem[]): string =>
  [...Map.groupBy(rows, ({ kind }) => kind)]
    .map(
      ([kind, of]) =>
        `${changeLabels[kind].label}: ${of.map(({ productName }) => productName).join(", ")}`,
    )
    .join("; ");

function Block(props: {
  readonly title: string;
  readonly note: string;
  readonly children: ReactNode;
}) {
  return (
    <section aria-label={props.title}>
      <Title order={3} size="h3">
        {props.title}
      </Title>
      <Text size="xs" c="dimmed" mb={4}>
        {props.note}
      </Text>
      {props.children}
    </section>
  );
}

const licenseRow = (
  license: HeldLicense,
  { first, units }: { readonly first: boolean; readonly units: boolean },
) => ({
  id: license.skuId,
  name: license.productName,
  figures: [
    ...(units ? [{ before: license.enabledBefore, after: license.enabledAfter }] : []),
    { before: first ? null : license.seatsBefore, after: license.seatsAfter },
  ],
});

const departmentRow = (row: DepartmentChange, first: boolean) => ({
  id: row.department ?? "",
  name: row.department ?? "No department set",
  figures: [
    { before: first ? null : row.accountsBefore, after: row.accountsAfter },
    { before: first ? null : row.seatsBefore, after: row.seatsAfter },
  ],
});
