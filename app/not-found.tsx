import { IconMapQuestion } from "@tabler/icons-react";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";

export default function NotFound() {
  return (
    <EmptyState
      order={1}
      title="There is nothing here"
      icon={<IconMapQuestion size={36} stroke={1.4} aria-hidden />}
      action={<LinkButton href="/">Go to the overview</LinkButton>}
    >
      The address is wrong, or what it named belongs to another workspace or was removed.
    </EmptyState>
  );
}
