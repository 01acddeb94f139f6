import { confidenceLabels, opportunityKindLabels } from "#lib/domain/labels";
import { confidences, opportunityKinds } from "#lib/domain/opportunity";
import { FilterBar, UrlSelect } from "../ui/url-filters.tsx";

/** Filters of the worklist; the tenant filter is the header's. */
export function OpportunityFilters() {
  return (
    <FilterBar label="Filter opportunities" inset>
      <UrlSelect
        name="kind"
        label="Reason"
        options={opportunityKinds.map((value) => ({
          value,
          label: opportunityKindLabels[value].label,
        }))}
      />
      <UrlSelect
        name="confidence"
        label="Confidence"
        options={confidences.map((value) => ({ value, label: confidenceLabels[value].label }))}
        width={160}
      />
    </FilterBar>
  );
}
