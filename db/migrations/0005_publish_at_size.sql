CREATE TABLE "snapshot_usage_evidence" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"upn_key" text NOT NULL,
	"evidence_on" date NOT NULL,
	CONSTRAINT "snapshot_usage_evidence_workspace_id_snapshot_id_upn_key_pk" PRIMARY KEY("workspace_id","snapshot_id","upn_key")
);
--> statement-breakpoint
ALTER TABLE "snapshot_usage_evidence" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "opportunities" DROP CONSTRAINT "opportunities_workspace_id_reconciliation_id_reconciliations_workspace_id_id_fk";
--> statement-breakpoint
ALTER TABLE "read_checkpoints" ADD COLUMN "digest" numeric;--> statement-breakpoint
ALTER TABLE "read_checkpoints" ADD COLUMN "held" jsonb;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "figures" jsonb;--> statement-breakpoint
CREATE POLICY "snapshot_usage_evidence_workspace" ON "snapshot_usage_evidence" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);