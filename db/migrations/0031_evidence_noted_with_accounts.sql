ALTER TABLE "snapshot_users" ADD COLUMN "sign_in_on" date;--> statement-breakpoint
ALTER TABLE "snapshot_users" ADD COLUMN "sign_in_told" boolean;--> statement-breakpoint
ALTER TABLE "snapshot_users" ADD COLUMN "usage_on" date;--> statement-breakpoint
ALTER TABLE "snapshot_users" ADD COLUMN "mailbox_bytes" bigint;--> statement-breakpoint
ALTER TABLE "snapshot_users" ADD COLUMN "mailbox_archive" boolean;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "sign_ins_noted_id" bigint;--> statement-breakpoint
ALTER TABLE "snapshots" ADD COLUMN "usage_noted_id" bigint;