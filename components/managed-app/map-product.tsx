"use client";
import { Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useState } from "react";
import type { MappedKind } from "#lib/domain/app-license";
import type { MappedBy, Product } from "#lib/domain/sku-mapping";
import { CommandButton } from "../ui/command-button.tsx";
import { type Command, useCommand } from "../ui/use-command.ts";

export interface MappingCommands {
  readonly map: Command<{
    readonly connectionId: string;
    readonly kind: MappedKind;
    readonly externalId: string;
    readonly skuId: string;
  }>;
  readonly unmap: Command<{
    readonly connectionId: string;
    readonly kind: MappedKind;
    readonly externalId: string;
  }>;
}

/** What is mapped, and to which products it can be. */
export interface MappedName {
  readonly connectionId: string;
  readonly kind: MappedKind;
  readonly externalId: string;
  /** As people read it. */
  readonly shownName: string;
  readonly mapped: MappedBy | null;
  /** A mapping, its id or the users' SKUs already say what it stands for. */
  readonly settled: boolean;
}

/** Products to choose from: those a name could stand for, then those that people of the application hold. */
export interface ProductChoice {
  readonly candidates: readonly Product[];
  readonly held: readonly Product[];
  readonly others: readonly Product[];
}

/** Chooses the product a name stands for, or forgets what was chosen. */
export function MapProduct(props: {
  readonly name: MappedName;
  readonly choice: ProductChoice;
  readonly commands: MappingCommands;
}) {
  const { name, commands } = props;
  const [opened, { open, close }] = useDisclosure(false);
  const { connectionId, kind, externalId } = name;
  return (
    <Group gap="xs" wrap="nowrap">
      <Button
        size="compact-sm"
        variant="default"
        onClick={open}
        aria-label={`${name.settled ? "Change" : "Choose"} the product of ${name.shownName}`}
      >
        {name.settled ? "Change the product" : "Choose the product"}
      </Button>
      {name.mapped !== null && (
        <CommandButton
          command={commands.unmap}
          input={{ connectionId, kind, externalId }}
          done="Forgotten. It counts from the next import on."
          size="compact-sm"
          variant="subtle"
          aria-label={`Forget the product of ${name.shownName}`}
        >
          Forget
        </CommandButton>
      )}
      <Modal opened={opened} onClose={close} title={`Product of ${name.shownName}`}>
        <ProductForm {...props} close={close} />
      </Modal>
    </Group>
  );
}

const optionOf = ({ skuId, partNumber, name }: Product) => ({
  value: skuId,
  label: partNumber === null ? name : `${name} · ${partNumber}`,
});

const shownAtOnce = 60;

function ProductForm(props: {
  readonly name: MappedName;
  readonly choice: ProductChoice;
  readonly commands: MappingCommands;
  readonly close: () => void;
}) {
  const { connectionId, kind, externalId, mapped } = props.name;
  const [skuId, setSkuId] = useState<string | null>(mapped?.product.skuId ?? null);
  const { run, pending, error } = useCommand(props.commands.map, {
    done: "Saved. It counts from the next import on.",
    onDone: props.close,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (skuId !== null) run({ connectionId, kind, externalId, skuId });
      }}
    >
      <Stack gap="md">
        <Text size="sm" c="dimmed">
          Nothing is guessed from names. The choice is in the audit log and counts from the next
          import on.
        </Text>
        <Select
          label="Product"
          description="Search by name or part number."
          data={[
            { group: "What it could stand for", items: props.choice.candidates.map(optionOf) },
            { group: "Held by people of this application", items: props.choice.held.map(optionOf) },
            { group: "All products", items: props.choice.others.map(optionOf) },
          ].filter(({ items }) => items.length > 0)}
          value={skuId}
          onChange={setSkuId}
          searchable
          limit={shownAtOnce}
          classNames={{ option: "wrap-anywhere" }}
          nothingFoundMessage="No product of that name or part number."
          data-autofocus
          error={error?.fields?.skuId ?? (error === null ? null : error.message)}
        />
        <Group justify="flex-end">
          <Button type="submit" loading={pending} disabled={skuId === null}>
            Save
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
