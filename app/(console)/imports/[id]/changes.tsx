import { Text } from "@mantine/core";
import { createLoader, parseAsStringLiteral, type SearchParams } from "nuqs/server";
import { ChangeFilters } from "#components/changes/change-filters";
import { ChangeMatrix } from "#components/changes/change-matrix";
import { ChangeSentence } from "#components/changes/change-sentence";
import { ChangesTable } from "#components/changes/changes-table";
import { ComparingNote } from "#components/changes/comparing-note";
import { EmptyState } from "#components/ui/empty-state";
import { LinkButton } from "#components/ui/link";
import { Panel } from "#components/ui/panel";
import { RefusedState } from "#components/ui/refused-state";
import { changeKinds, changeSubject } from "#lib/domain/change";
import type { ChangeSummary } from "#lib/domain/change-models";
import type { Source } from "#lib/domain/connection";
import type { ImportItem } from "#lib/domain/import-item";
import { hasRight } from "#lib/domain/role";
import { load } from "#lib/server/load";
import { requireContext } from "#lib/server/session";
import { listImportChanges } from "#lib/services/list-import-changes";
import { cursorParameter, given, guidParameter } from "../../search-params.ts";

const loadFilters = createLoader({
  kind: parseAsStringLiteral(changeKinds),
  sku: guidParameter,
  cursor: cursorParameter,
});

/** What the import's directory changed: in one sentence, per license, and row by row. Nothing before it is published. */
export async function ImportChanges(props: {
  readonly item: ImportItem;
  readonly source: Source;
  readonly searchParams: Promise<SearchParams>;
}) {
  const { item } = props;
  const directory = item.datasets.find(({ name }) => name === "directory");
  if (directory?.publishedAt == null) return null;
  const { ctx } = await requireContext();
  const { kind, sku, cursor } = await loadFilters(props.searchParams);
  const page = `/imports/${item.id}`;
  const result = await load(
    listImportChanges(ctx, { importId: item.id, ...given({ kind, skuId: sku, cursor }) }),
  );
  if (result.kind === "refused") {
    return (
      <Panel title="What changed" id="changes">
        <RefusedState {...result} againHref={page} />
      </Panel>
    );
  }
  const { items, nextCursor, summary, comparing } = result.value;
  if (comparing) {
    return (
      <Panel title="What changed" id="changes">
        <ComparingNote />
      </Panel>
    );
  }
  if (summary === null) return <Unchanged />;
  const hasRows = !summary.first && summary.counts.length > 0;
  return (
    <Panel title="What changed" id="changes" flush>
      <ChangeSentence summary={summary} source={props.source} />
      {summary.counts.length > 0 && (
        <ChangeMatrix counts={told(summary)} path={hasRows ? page : null} />
      )}
      {hasRows && (
        <div style={{ borderTop: "1px solid var(--sl-line)" }}>
          <ChangeFilters kinds={kindsOf(summary)} products={productsOf(summary)} />
          <ChangesTable
            rows={items}
            nextCursor={nextCursor}
            seesPeople={hasRight(ctx.actor.role, "see-people")}
            without={["when"]}
            empty={
              <EmptyState
                order={3}
                title="No change fits these filters"
                action={
                  <LinkButton href={`${page}#changes`} variant="default" size="xs">
                    Show all changes
                  </LinkButton>
                }
              />
            }
          />
        </div>
      )}
    </Panel>
  );
}

function Unchanged() {
  return (
    <Panel title="What changed" id="changes">
      <Text size="sm">
        Nothing on record: the directory was the same as the one published before, or its record is
        older than 400 days.
      </Text>
    </Panel>
  );
}

/** Of a first import every product is new, which its seats need not say again. */
const told = ({ first, counts }: ChangeSummary) =>
  first ? counts.filter(({ kind }) => changeSubject(kind) === "seat") : counts;

const kindsOf = ({ counts }: ChangeSummary) =>
  changeKinds.filter((kind) => counts.some((count) => count.kind === kind));

const productsOf = ({ counts }: ChangeSummary) =>
  [...new Map(counts.map((count) => [count.skuId, count])).values()].toSorted((a, b) =>
    a.productName.localeCompare(b.productName, "en"),
  );
