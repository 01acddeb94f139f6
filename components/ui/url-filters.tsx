"use client";
import { CloseButton, Group, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconSearch } from "@tabler/icons-react";
import { parseAsString, useQueryStates } from "nuqs";
import { type ReactNode, useEffect, useState, useTransition } from "react";

/** Sets one parameter of the URL and goes back to the first page; the server renders the new rows. */
function useUrlParameter(name: string) {
  const [pending, startTransition] = useTransition();
  const [values, setValues] = useQueryStates(
    { [name]: parseAsString, cursor: parseAsString },
    { shallow: false, history: "push", startTransition },
  );
  const set = (value: string | null): void => {
    void setValues({ [name]: value === "" ? null : value, cursor: null });
  };
  return { value: values[name] ?? null, set, pending };
}

/** One choice, kept in the URL; nothing chosen means all. */
export function UrlSelect(props: {
  readonly name: string;
  readonly label: string;
  readonly options: readonly { readonly value: string; readonly label: string }[];
  readonly all?: string;
  readonly width?: number;
}) {
  const { value, set } = useUrlParameter(props.name);
  return (
    <Select
      aria-label={props.label}
      placeholder={props.all ?? props.label}
      data={[...props.options]}
      value={value}
      onChange={set}
      clearable
      clearButtonProps={{ "aria-label": `Clear ${props.label}` }}
      // On a phone two stand side by side, and a wide one by itself.
      w={{ base: props.width === undefined ? "calc(50% - 5px)" : "100%", xs: props.width ?? 190 }}
      size="sm"
      comboboxProps={{ withinPortal: true }}
    />
  );
}

/** Search text, kept in the URL half a second after the last key. The shell's `/` focuses it. */
export function UrlSearch(props: { readonly label: string; readonly name?: string }) {
  const { value, set } = useUrlParameter(props.name ?? "search");
  const [text, setText] = useState(value ?? "");
  const send = useDebouncedCallback((next: string) => set(next.trim()), 400);
  useEffect(() => setText(value ?? ""), [value]);
  return (
    <TextInput
      type="search"
      data-page-search
      aria-label={props.label}
      aria-keyshortcuts="/"
      placeholder={props.label}
      leftSection={<IconSearch size={16} aria-hidden />}
      rightSection={
        text === "" ? null : (
          <CloseButton
            size="sm"
            aria-label="Clear search"
            onClick={() => {
              send.cancel();
              setText("");
              set(null);
            }}
          />
        )
      }
      value={text}
      maxLength={100}
      onChange={(event) => {
        setText(event.currentTarget.value);
        send(event.currentTarget.value);
      }}
      w={{ base: "100%", xs: 300 }}
      size="sm"
    />
  );
}

/** The row of filters above a table; `inset` when it stands inside a panel. */
export function FilterBar(props: {
  readonly children: ReactNode;
  readonly label: string;
  readonly inset?: boolean;
}) {
  return (
    <Group
      gap="xs"
      role="search"
      aria-label={props.label}
      {...(props.inset ? { p: "sm" } : { mb: "sm" })}
    >
      {props.children}
    </Group>
  );
}
