ALTER TABLE "connections" ADD COLUMN "enterprise" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "disconnected_by" text;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "disconnected_because" text;--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD COLUMN "move_confirmed_at" timestamp (3) with time zone;