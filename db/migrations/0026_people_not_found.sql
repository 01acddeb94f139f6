CREATE TABLE "people_matches" (
	"workspace_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "people_matches_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"own_snapshot_id" bigint NOT NULL,
	"other_snapshot_id" bigint NOT NULL,
	"by_object_id" integer NOT NULL,
	"by_user_principal_name" integer NOT NULL,
	"by_mail" integer NOT NULL,
	"unmatched" integer NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "people_matches_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "people_matches_pair" UNIQUE("workspace_id","own_snapshot_id","other_snapshot_id")
);
--> statement-breakpoint
ALTER TABLE "people_matches" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "people_not_found" (
	"workspace_id" uuid NOT NULL,
	"match_id" bigint NOT NULL,
	"user_no" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"display_name" text,
	"user_principal_name" text,
	"mail" text,
	"seats" integer NOT NULL,
	"reason" text NOT NULL,
	CONSTRAINT "people_not_found_workspace_id_match_id_user_no_pk" PRIMARY KEY("workspace_id","match_id","user_no")
);
--> statement-breakpoint
ALTER TABLE "people_not_found" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "people_matches" ADD CONSTRAINT "people_matches_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "people_matches_workspace" ON "people_matches" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "people_not_found_workspace" ON "people_not_found" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);