import { type ChangeKind, changeKinds } from "#lib/domain/change";
import { changeLabels } from "#lib/domain/change-text";
import { FilterBar, UrlSelect } from "../ui/url-filters.tsx";

/** Filters of a list of changes, in the URL: kinds and products that occur, or every kind. */
export function ChangeFilters(props: {
  readonly kinds?: readonly ChangeKind[];
  readonly products?: readonly { readonly skuId: string; readonly productName: string }[];
}) {
  return (
    <FilterBar label="Filter changes" inset>
      <UrlSelect
        name="kind"
        label="Kind of change"
        options={(props.kinds ?? changeKinds).map((kind) => ({
          value: kind,
          label: changeLabels[kind].label,
        }))}
        width={220}
      />
      {props.products !== undefined && (
        <UrlSelect
          name="sku"
          label="License"
          options={props.products.map(({ skuId, productName }) => ({
            value: skuId,
            label: productName,
          }))}
          width={300}
        />
      )}
    </FilterBar>
  );
}
