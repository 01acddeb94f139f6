import { IconPlugConnected } from "@tabler/icons-react";
import { EmptyState } from "../ui/empty-state.tsx";
import { LinkButton } from "../ui/link.tsx";

/** Before the first tenant: what is missing, and the one thing to do, for those who may do it. */
export function ConnectFirst({ mayConnect }: { readonly mayConnect: boolean }) {
  return (
    <EmptyState
      title="No tenant is connected yet"
      icon={<IconPlugConnected size={36} stroke={1.4} aria-hidden />}
      action={
        mayConnect ? <LinkButton href="/connections/new">Connect a tenant</LinkButton> : undefined
      }
    >
      Connect a Microsoft 365 tenant, and its licenses, assignments and use are read from Microsoft.
      {mayConnect
        ? " It takes a Global Administrator a few minutes; nothing in the tenant is changed."
        : " Your role does not include connections: a connection administrator or owner can do it."}
    </EmptyState>
  );
}
