import { complianceLabels, flagLabels } from "#lib/domain/labels";
import { compliances, flags } from "#lib/domain/license";
import { FilterBar, UrlSearch, UrlSelect } from "../ui/url-filters.tsx";

/** Search and filters of the license list; the tenant filter is the header's. */
export function LicenseFilters() {
  return (
    <FilterBar label="Filter licenses">
      <UrlSearch label="Search product or part number" />
      <UrlSelect
        name="compliance"
        label="Compliance"
        options={compliances.map((value) => ({ value, label: complianceLabels[value].label }))}
      />
      <UrlSelect
        name="flag"
        label="Flag"
        options={flags.map((value) => ({ value, label: flagLabels[value].label }))}
      />
      <UrlSelect
        name="status"
        label="Status"
        all="Active and retired"
        options={[
          { value: "active", label: "Active" },
          { value: "retired", label: "Retired" },
        ]}
      />
    </FilterBar>
  );
}
