CREATE TABLE "snapshot_unread_users" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"user_id" uuid NOT NULL,
	"seats_as_of" timestamp (3) with time zone,
	CONSTRAINT "snapshot_unread_users_workspace_id_snapshot_id_user_id_pk" PRIMARY KEY("workspace_id","snapshot_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_unread_users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE POLICY "snapshot_unread_users_workspace" ON "snapshot_unread_users" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
UPDATE saas_organisations SET applications = (
  SELECT coalesce(jsonb_agg((a - 'listedTwice') || jsonb_build_object('listed',
    CASE WHEN (a ->> 'listedTwice')::boolean THEN 'contradictory' ELSE 'once' END) ORDER BY at), '[]')
  FROM jsonb_array_elements(applications) WITH ORDINALITY AS e(a, at)
) WHERE jsonb_array_length(applications) > 0;
