"use client";
import { Button, Group, Modal, Select, Stack, Text, TextInput } from "@mantine/core";
import { useForm } from "@mantine/form";
import { useDisclosure } from "@mantine/hooks";
import type { Money, MonthlyPrice } from "#lib/domain/money";
import { PriceText, priceOrigin } from "../money-text.tsx";
import { CommandFailure } from "../ui/command-failure.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

const currencies = [
  "EUR",
  "USD",
  "GBP",
  "CHF",
  "SEK",
  "NOK",
  "DKK",
  "PLN",
  "CAD",
  "AUD",
  "JPY",
  "CNY",
];
const amountPattern = /^\d{1,10}(\.\d{1,4})?$/;

export type SetPrice = Command<{ readonly skuId: string; readonly price: Money | null }>;

/** The monthly price of a seat, and the way to replace Microsoft's list price by one's own. */
export function PriceEditor(props: {
  readonly skuId: string | null;
  readonly productName: string;
  readonly price: MonthlyPrice | null;
  readonly setPrice: SetPrice | null;
}) {
  const [opened, { open, close }] = useDisclosure(false);
  return (
    <Stack gap={4} align="flex-start">
      <Text size="lg" fw={600} component="div">
        <PriceText price={props.price} />
      </Text>
      <Text size="xs" c="dimmed">
        {props.price === null
          ? "No price: money for this license is shown as unpriced."
          : `${priceOrigin(props.price)}, a seat and month`}
      </Text>
      {props.setPrice !== null && props.skuId !== null && (
        <>
          <Button size="compact-sm" variant="default" onClick={open} mt={4}>
            {props.price === null ? "Enter a price" : "Change the price"}
          </Button>
          <Modal opened={opened} onClose={close} title={`Price of ${props.productName}`}>
            <PriceForm
              skuId={props.skuId}
              price={props.price}
              setPrice={props.setPrice}
              close={close}
            />
          </Modal>
        </>
      )}
    </Stack>
  );
}

function PriceForm(props: {
  readonly skuId: string;
  readonly price: MonthlyPrice | null;
  readonly setPrice: SetPrice;
  readonly close: () => void;
}) {
  const form = useForm({
    initialValues: {
      amount: props.price?.amount ?? "",
      currency: props.price?.currency ?? "EUR",
    },
    validate: {
      amount: (value) =>
        amountPattern.test(value.trim())
          ? null
          : "A number such as 36.00, with at most four decimals",
    },
  });
  const { run, pending, error } = useCommand(props.setPrice, {
    done: "Price saved. Money is calculated anew.",
    onDone: props.close,
  });
  return (
    <form
      onSubmit={form.onSubmit(({ amount, currency }) =>
        run({ skuId: props.skuId, price: { amount: amount.trim(), currency } }),
      )}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          For one seat and one month, in every tenant of this workspace.
        </Text>
        <Group align="flex-start" gap="sm" wrap="nowrap">
          <TextInput
            label="Amount"
            inputMode="decimal"
            flex={1}
            data-autofocus
            {...form.getInputProps("amount")}
            error={form.errors.amount ?? error?.fields?.["price.amount"] ?? error?.fields?.price}
          />
          <Select
            label="Currency"
            data={currencies}
            w={110}
            allowDeselect={false}
            {...form.getInputProps("currency")}
          />
        </Group>
        <CommandFailure error={error} />
        <Group justify="flex-end" gap="sm">
          {props.price !== null && (
            <Button
              variant="subtle"
              loading={pending}
              onClick={() => run({ skuId: props.skuId, price: null })}
            >
              Remove the price
            </Button>
          )}
          <Button type="submit" loading={pending}>
            Save the price
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
