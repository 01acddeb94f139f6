CREATE TABLE "service_budgets" (
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"service" text NOT NULL,
	"operation" text NOT NULL,
	"slots" timestamp (3) with time zone[] DEFAULT '{}' NOT NULL,
	"limited_until" timestamp (3) with time zone,
	CONSTRAINT "service_budgets_workspace_id_connection_id_service_operation_pk" PRIMARY KEY("workspace_id","connection_id","service","operation")
);
--> statement-breakpoint
ALTER TABLE "service_budgets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "dataset_runs" ADD COLUMN "turn_at" timestamp (3) with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "dataset_runs" ADD COLUMN "paused_until" timestamp (3) with time zone;--> statement-breakpoint
ALTER TABLE "service_budgets" ADD CONSTRAINT "service_budgets_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "service_budgets_limited" ON "service_budgets" USING btree ("limited_until") WHERE limited_until is not null;--> statement-breakpoint
CREATE POLICY "service_budgets_workspace" ON "service_budgets" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);