import { Center, Paper } from "@mantine/core";
import type { ReactNode } from "react";

/** Frame of the pages outside the console. */
export default function AuthLayout({ children }: { readonly children: ReactNode }) {
  return (
    <Center mih="100dvh" p="md" component="main">
      <Paper withBorder p="xl" w="100%" maw={440}>
        {children}
      </Paper>
    </Center>
  );
}
