ALTER TABLE "snapshot_terms" ADD COLUMN "problem" text;--> statement-breakpoint
UPDATE saas_organisations SET applications = (
  SELECT jsonb_agg((a - 'listedTwice') || jsonb_build_object('listed',
    CASE WHEN (a ->> 'listedTwice')::boolean THEN 'contradictory' ELSE 'once' END) ORDER BY at)
  FROM jsonb_array_elements(applications) WITH ORDINALITY AS e(a, at)
) WHERE jsonb_array_length(applications) > 0;
