"use client";
import { Text, Tooltip } from "@mantine/core";
import type { Money, MonthlyPrice } from "#lib/domain/money";
import { formatMoney } from "./ui/format.ts";

/** Money of several currencies side by side, never added. `none` says what an empty list means. */
export function MoneyText(props: {
  readonly money: readonly Money[];
  readonly none?: string;
  readonly per?: "month" | undefined;
}) {
  if (props.money.length === 0) {
    return (
      <Text span inherit c="dimmed">
        {props.none ?? "Unpriced"}
      </Text>
    );
  }
  return (
    <span style={props.money.length === 1 ? { whiteSpace: "nowrap" } : undefined}>
      {props.money.map((money, index) => (
        <span key={money.currency} style={{ whiteSpace: "nowrap" }}>
          {index > 0 && " · "}
          {formatMoney(money)}
        </span>
      ))}
      {props.per === "month" && (
        <Text span size="xs" c="dimmed">
          {" "}
          a month
        </Text>
      )}
    </span>
  );
}

/** Where a price comes from, in words with its date. */
export const priceOrigin = (price: MonthlyPrice): string =>
  price.source === "entered"
    ? `Your price${price.asOf === null ? "" : `, entered ${price.asOf}`}`
    : `Microsoft's list price${price.asOf === null ? "" : ` as of ${price.asOf}`}`;

/** One seat's price for a month; its origin on hover, and a mark when it is only the list price. */
export function PriceText({ price }: { readonly price: MonthlyPrice | null }) {
  if (price === null) return <MoneyText money={[]} />;
  return (
    <Tooltip label={priceOrigin(price)}>
      <span>
        {formatMoney(price)}
        {price.source === "list" && (
          <Text span size="xs" c="dimmed">
            {" "}
            list
          </Text>
        )}
      </span>
    </Tooltip>
  );
}
