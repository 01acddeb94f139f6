CREATE TABLE "import_joins" (
	"workspace_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"requested_by" text NOT NULL,
	"joined_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_joins_workspace_id_import_id_trigger_requested_by_pk" PRIMARY KEY("workspace_id","import_id","trigger","requested_by")
);
--> statement-breakpoint
ALTER TABLE "import_joins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "dataset_runs" ADD COLUMN "verification_id" uuid;--> statement-breakpoint
ALTER TABLE "import_joins" ADD CONSTRAINT "import_joins_workspace_id_import_id_imports_workspace_id_id_fk" FOREIGN KEY ("workspace_id","import_id") REFERENCES "public"."imports"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE POLICY "import_joins_workspace" ON "import_joins" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);