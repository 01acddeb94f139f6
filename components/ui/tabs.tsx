"use client";
import NextLink from "next/link";
import { usePathname, useSearchParams } from "next/navigation";
import classes from "./tabs.module.css";

/** Views of one page, as links: the view is in the URL, the server renders it. */
export function LinkTabs(props: {
  readonly label: string;
  readonly tabs: readonly { readonly value: string; readonly label: string }[];
  readonly current: string;
}) {
  const pathname = usePathname();
  const tenant = useSearchParams().get("tenant");
  return (
    <nav aria-label={props.label} className={classes.tabs}>
      {props.tabs.map(({ value, label }) => (
        <NextLink
          key={value}
          href={`${pathname}?tab=${value}${tenant === null ? "" : `&tenant=${tenant}`}`}
          className={classes.tab}
          aria-current={value === props.current ? "page" : undefined}
          scroll={false}
          prefetch={false}
        >
          {label}
        </NextLink>
      ))}
    </nav>
  );
}
