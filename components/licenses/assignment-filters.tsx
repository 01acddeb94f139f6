import { activityLabels } from "#lib/domain/labels";
import { activities } from "#lib/domain/license";
import { FilterBar, UrlSearch, UrlSelect } from "../ui/url-filters.tsx";
import { originWords } from "../words.ts";

const origins = ["direct", "group", "both", "unknown"] as const;

/** Search and filters of the assignments. Names can be searched only by those who may see them. */
export function AssignmentFilters({ seesPeople }: { readonly seesPeople: boolean }) {
  return (
    <FilterBar label="Filter assignments" inset>
      {seesPeople && <UrlSearch label="Search name or address" />}
      <UrlSelect
        name="activity"
        label="Activity"
        options={activities.map((value) => ({ value, label: activityLabels[value].label }))}
        width={160}
      />
      <UrlSelect
        name="origin"
        label="Origin"
        options={origins.map((value) => ({ value, label: originWords[value] }))}
        width={180}
      />
      <UrlSelect
        name="blocked"
        label="Sign-in"
        options={[
          { value: "true", label: "Blocked" },
          { value: "false", label: "Allowed" },
        ]}
        width={130}
      />
      <UrlSelect
        name="error"
        label="Errors"
        options={[
          { value: "true", label: "In error" },
          { value: "false", label: "Without error" },
        ]}
        width={140}
      />
      <UrlSelect
        name="guest"
        label="Kind of user"
        options={[
          { value: "true", label: "Guests" },
          { value: "false", label: "Members" },
        ]}
        width={150}
      />
    </FilterBar>
  );
}
