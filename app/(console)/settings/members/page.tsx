import type { Metadata } from "next";
import { createLoader, type SearchParams } from "nuqs/server";
import { MembersTable } from "#components/members-table";
import { EmptyState } from "#components/ui/empty-state";
import { PageHeader } from "#components/ui/page-header";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listMembers } from "#lib/services/list-members";
import { cursorParameter, given } from "../../search-params.ts";

export const metadata: Metadata = { title: "Members" };

const loadCursor = createLoader({ cursor: cursorParameter });

export default async function MembersPage(props: { readonly searchParams: Promise<SearchParams> }) {
  const { ctx } = await requireContext();
  const { cursor } = await loadCursor(props.searchParams);
  const result = await load(listMembers(ctx, given({ cursor })));
  if (result.kind === "refused") return <RefusedState {...result} againHref="/settings/members" />;
  return (
    <>
      <PageHeader
        title="Members"
        answer="Everyone who may sign in to this workspace, and what their role lets them do."
      />
      <Panel title="Members" flush>
        <MembersTable
          rows={result.value.items}
          nextCursor={result.value.nextCursor}
          empty={<EmptyState order={3} title="No members" />}
        />
      </Panel>
    </>
  );
}
