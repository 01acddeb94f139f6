ALTER TABLE "consent_attempts" ADD COLUMN "error_number" integer;--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD COLUMN "correlation_id" uuid;