ALTER TABLE "snapshot_usage_evidence" ALTER COLUMN "evidence_on" DROP NOT NULL;--> statement-breakpoint
ALTER TABLE "snapshot_usage_evidence" ADD COLUMN "storage_bytes" bigint;--> statement-breakpoint
ALTER TABLE "snapshot_usage_evidence" ADD COLUMN "has_archive" boolean;