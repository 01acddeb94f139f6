ALTER TABLE "change_sets" ADD COLUMN "before_snapshot_id" bigint;--> statement-breakpoint
ALTER TABLE "change_sets" ADD COLUMN "after_snapshot_id" bigint;--> statement-breakpoint
CREATE INDEX "change_sets_to_compare" ON "change_sets" USING btree ("workspace_id","id") WHERE state = 'comparing';