CREATE TABLE "parallel_runs" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"by_source" text NOT NULL,
	"tenant_id" uuid,
	"kept_tenant_ids" uuid[] DEFAULT '{}' NOT NULL,
	"retired_tenant_ids" uuid[] DEFAULT '{}' NOT NULL,
	"days" integer NOT NULL,
	"started_by" text NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"switch_at" timestamp (3) with time zone NOT NULL,
	"obstacle" jsonb,
	CONSTRAINT "parallel_runs_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "parallel_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "supersessions" ADD COLUMN "kept_tenant_ids" uuid[] DEFAULT '{}' NOT NULL;--> statement-breakpoint
ALTER TABLE "parallel_runs" ADD CONSTRAINT "parallel_runs_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "parallel_runs_scope" ON "parallel_runs" USING btree ("workspace_id","by_source",coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'));--> statement-breakpoint
CREATE INDEX "parallel_runs_due" ON "parallel_runs" USING btree ("switch_at");--> statement-breakpoint
CREATE POLICY "parallel_runs_workspace" ON "parallel_runs" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);