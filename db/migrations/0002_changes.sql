CREATE TABLE "change_counts" (
	"workspace_id" uuid NOT NULL,
	"change_set_id" bigint NOT NULL,
	"kind" smallint NOT NULL,
	"sku_no" integer NOT NULL,
	"count" integer NOT NULL,
	CONSTRAINT "change_counts_workspace_id_change_set_id_kind_sku_no_pk" PRIMARY KEY("workspace_id","change_set_id","kind","sku_no")
);
--> statement-breakpoint
ALTER TABLE "change_counts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "change_sets" (
	"workspace_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "change_sets_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"state" text NOT NULL,
	"first" boolean NOT NULL,
	"previous_as_of" timestamp (3) with time zone,
	"as_of" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"departments" jsonb,
	CONSTRAINT "change_sets_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "change_sets_run" UNIQUE("workspace_id","run_id")
);
--> statement-breakpoint
ALTER TABLE "change_sets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "changes" (
	"workspace_id" uuid NOT NULL,
	"change_set_id" bigint NOT NULL,
	"kind" smallint NOT NULL,
	"sku_no" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"before" integer,
	"after" integer,
	"display_name" text,
	"user_principal_name" text,
	CONSTRAINT "changes_workspace_id_change_set_id_kind_sku_no_user_id_pk" PRIMARY KEY("workspace_id","change_set_id","kind","sku_no","user_id")
);
--> statement-breakpoint
ALTER TABLE "changes" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "change_counts" ADD CONSTRAINT "change_counts_workspace_id_change_set_id_change_sets_workspace_id_id_fk" FOREIGN KEY ("workspace_id","change_set_id") REFERENCES "public"."change_sets"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "change_sets" ADD CONSTRAINT "change_sets_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "change_counts_by_sku" ON "change_counts" USING btree ("workspace_id","sku_no","change_set_id");--> statement-breakpoint
CREATE INDEX "change_sets_by_connection" ON "change_sets" USING btree ("workspace_id","connection_id","id");--> statement-breakpoint
CREATE INDEX "changes_by_user" ON "changes" USING btree ("workspace_id","user_id","change_set_id") WHERE user_id <> '00000000-0000-0000-0000-000000000000';--> statement-breakpoint
CREATE POLICY "change_counts_workspace" ON "change_counts" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "change_sets_workspace" ON "change_sets" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "changes_workspace" ON "changes" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);