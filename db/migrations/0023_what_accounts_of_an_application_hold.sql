CREATE TABLE "snapshot_app_skus" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"app_id" text NOT NULL,
	"sku_no" integer NOT NULL,
	CONSTRAINT "snapshot_app_skus_workspace_id_snapshot_id_app_id_sku_no_pk" PRIMARY KEY("workspace_id","snapshot_id","app_id","sku_no")
);
--> statement-breakpoint
ALTER TABLE "snapshot_app_skus" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "snapshot_skus" ADD COLUMN "candidate_sku_ids" uuid[];--> statement-breakpoint
CREATE POLICY "snapshot_app_skus_workspace" ON "snapshot_app_skus" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);