CREATE TABLE "hand_offs" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"token_hash" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "hand_offs_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "hand_offs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "visitor_buckets" (
	"visitor" text PRIMARY KEY NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "asked_permissions" jsonb;--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD COLUMN "hand_off_id" uuid;--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD COLUMN "asked_permissions" jsonb;--> statement-breakpoint
ALTER TABLE "hand_offs" ADD CONSTRAINT "hand_offs_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "hand_offs" ADD CONSTRAINT "hand_offs_workspace_id_member_id_members_workspace_id_id_fk" FOREIGN KEY ("workspace_id","member_id") REFERENCES "public"."members"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "hand_offs_token" ON "hand_offs" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "hand_offs_by_connection" ON "hand_offs" USING btree ("workspace_id","connection_id","created_at");--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD CONSTRAINT "consent_attempts_workspace_id_hand_off_id_hand_offs_workspace_id_id_fk" FOREIGN KEY ("workspace_id","hand_off_id") REFERENCES "public"."hand_offs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "consent_attempts_by_hand_off" ON "consent_attempts" USING btree ("workspace_id","hand_off_id","created_at") WHERE hand_off_id is not null;--> statement-breakpoint
CREATE INDEX "consent_attempts_by_browser" ON "consent_attempts" USING btree ("browser_hash","created_at") WHERE hand_off_id is not null;--> statement-breakpoint
CREATE POLICY "hand_offs_workspace" ON "hand_offs" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
-- Connections that were proven were asked for these.
UPDATE "connections" SET "asked_permissions" = '["Organization.Read.All","User.Read.All","GroupMember.Read.All","AuditLog.Read.All","Reports.Read.All","ReportSettings.Read.All"]'::jsonb
WHERE "method" = 'multi-tenant-app' AND "proven_at" IS NOT NULL;
