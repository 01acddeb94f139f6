import {
  Stack,
  Table,
  TableScrollContainer,
  TableTbody,
  TableTd,
  TableTh,
  TableThead,
  TableTr,
  Text,
} from "@mantine/core";
import type { TermState } from "#lib/domain/app-license";
import type { LicenseApplication } from "#lib/domain/license-item";
import { candidatesText, resolutionText } from "#lib/domain/sku-mapping";
import { MoneyText } from "../money-text.tsx";
import { StatusBadge } from "../status-badge.tsx";
import { Day, Instant } from "../ui/clock.tsx";
import { formatMoney, formatNumber } from "../ui/format.ts";
import { TextLink } from "../ui/link.tsx";
import type { Tone } from "../words.ts";
import classes from "./license-terms.module.css";

const states: Readonly<Record<TermState, { readonly label: string; readonly tone: Tone }>> = {
  "in-force": { label: "In force", tone: "ok" },
  later: { label: "Not begun", tone: "quiet" },
  over: { label: "Over", tone: "quiet" },
};

/** What the managed application says was bought: quantity, cost, effective and ending day of each term. */
export function LicenseTerms({
  application,
  mappingHref,
}: {
  readonly application: LicenseApplication;
  readonly mappingHref: string;
}) {
  const { terms, annualCost, externalId, resolution, mapped, candidates } = application;
  return (
    <Stack gap="sm">
      {application.entitledUnknown !== null && <Text size="sm">{application.entitledUnknown}</Text>}
      {terms.length > 0 && (
        <>
          <TableScrollContainer minWidth={0} type="native">
            <Table aria-label="Terms" verticalSpacing={6} className={classes.terms}>
              <TableThead>
                <TableTr>
                  <TableTh>State</TableTh>
                  <TableTh ta="end">Quantity</TableTh>
                  <TableTh>Effective</TableTh>
                  <TableTh>Ends</TableTh>
                  <TableTh ta="end">Cost a year</TableTh>
                </TableTr>
              </TableThead>
              <TableTbody>
                {terms.map((term) => (
                  <TableTr key={term.no}>
                    <TableTd data-title="State">
                      <StatusBadge {...states[term.state]} />
                    </TableTd>
                    <TableTd ta="end" data-title="Quantity">
                      {term.units === null ? "Unknown" : formatNumber(term.units)}
                    </TableTd>
                    <TableTd data-title="Effective">
                      {term.startsOn === null ? untold(term) : <Day day={term.startsOn} />}
                    </TableTd>
                    <TableTd data-title="Ends">
                      {term.endsOn === null ? untold(term) : <Day day={term.endsOn} />}
                    </TableTd>
                    <TableTd ta="end" data-title="Cost a year">
                      {costOf(term)}
                    </TableTd>
                  </TableTr>
                ))}
              </TableTbody>
            </Table>
          </TableScrollContainer>
          <Text size="sm" component="div">
            {annualCost === null ? (
              "What the terms in force cost is not fully told."
            ) : (
              <>
                Terms in force: <MoneyText money={annualCost} none="no cost" />
                {annualCost.length > 0 && " a year"}.
              </>
            )}{" "}
            Money for idle seats goes by the seat’s price under “Price and money”, never by this.
          </Text>
        </>
      )}
      <Text size="xs" c="dimmed" className="wrap-anywhere" component="div">
        License <bdi>{externalId}</bdi>. {resolutionText(resolution)}{" "}
        {mapped !== null && (
          <>
            By <bdi>{mapped.by}</bdi> <Instant at={mapped.at} tabbable />.{" "}
          </>
        )}
        {candidatesText(candidates)}{" "}
        <TextLink href={mappingHref} inherit underline="always">
          Licenses and products
        </TextLink>
      </Text>
    </Stack>
  );
}

const untold = ({ problem }: LicenseApplication["terms"][number]): string =>
  problem === "ends-before-it-begins" ? "Not believed" : "Not told";

const costOf = ({ annualCost, currency }: LicenseApplication["terms"][number]): string => {
  if (annualCost === null) return "Not told";
  return currency === null
    ? `${annualCost}, currency not told`
    : formatMoney({ amount: annualCost, currency });
};
