"use client";
import { MantineProvider } from "@mantine/core";
import { Notifications } from "@mantine/notifications";
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useEffect, useState } from "react";
import { cssVariables, theme } from "./theme.ts";

declare global {
  /** Read by the scroll lock of dialogs for the style element it writes. */
  var __webpack_nonce__: string | undefined;
}

/** Everything that must be around every page: theme, notifications, URL state, live queries. */
export function Providers(props: { readonly nonce: string; readonly children: ReactNode }) {
  const [queryClient] = useState(() => new QueryClient());
  // A refresh brings a new nonce, but the browser keeps to the policy of the document it loaded.
  const [nonce] = useState(props.nonce);
  useEffect(() => {
    globalThis.__webpack_nonce__ = nonce;
  }, [nonce]);
  return (
    <MantineProvider
      theme={theme}
      cssVariablesResolver={cssVariables}
      defaultColorScheme="auto"
      getStyleNonce={() => nonce}
    >
      <Notifications position="bottom-right" />
      <QueryClientProvider client={queryClient}>
        <NuqsAdapter>{props.children}</NuqsAdapter>
      </QueryClientProvider>
    </MantineProvider>
  );
}
