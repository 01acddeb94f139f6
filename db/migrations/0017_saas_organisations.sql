CREATE TABLE "saas_checks" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"organisation_id" uuid NOT NULL,
	"credential_id" uuid,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempts" integer DEFAULT 0 NOT NULL,
	"failure" jsonb,
	"requested_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "saas_checks_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "saas_checks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "saas_credentials" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"organisation_id" uuid NOT NULL,
	"version" integer NOT NULL,
	"kind" text NOT NULL,
	"state" text NOT NULL,
	"sealed" text,
	"kid" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"activated_at" timestamp (3) with time zone,
	"retired_at" timestamp (3) with time zone,
	CONSTRAINT "saas_credentials_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "saas_credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "saas_organisations" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"region" text NOT NULL,
	"org_id" text NOT NULL,
	"name" text NOT NULL,
	"problem" jsonb,
	"verified_at" timestamp (3) with time zone,
	"applications" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "saas_organisations_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "saas_organisations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "organisation_id" uuid;--> statement-breakpoint
ALTER TABLE "connections" ADD COLUMN "managed_app_id" text;--> statement-breakpoint
ALTER TABLE "saas_checks" ADD CONSTRAINT "saas_checks_workspace_id_organisation_id_saas_organisations_workspace_id_id_fk" FOREIGN KEY ("workspace_id","organisation_id") REFERENCES "public"."saas_organisations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saas_credentials" ADD CONSTRAINT "saas_credentials_workspace_id_organisation_id_saas_organisations_workspace_id_id_fk" FOREIGN KEY ("workspace_id","organisation_id") REFERENCES "public"."saas_organisations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "saas_organisations" ADD CONSTRAINT "saas_organisations_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "saas_checks_by_organisation" ON "saas_checks" USING btree ("workspace_id","organisation_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "saas_checks_one_active" ON "saas_checks" USING btree ("workspace_id","organisation_id") WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE UNIQUE INDEX "saas_credentials_version" ON "saas_credentials" USING btree ("workspace_id","organisation_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "saas_credentials_one_active" ON "saas_credentials" USING btree ("workspace_id","organisation_id") WHERE state = 'active';--> statement-breakpoint
CREATE UNIQUE INDEX "saas_organisations_org" ON "saas_organisations" USING btree ("workspace_id","region","org_id") WHERE removed_at is null;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_workspace_id_organisation_id_saas_organisations_workspace_id_id_fk" FOREIGN KEY ("workspace_id","organisation_id") REFERENCES "public"."saas_organisations"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connections_managed_app" ON "connections" USING btree ("workspace_id","organisation_id","managed_app_id") WHERE managed_app_id is not null and status <> 'disconnected';--> statement-breakpoint
CREATE POLICY "saas_checks_workspace" ON "saas_checks" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "saas_credentials_workspace" ON "saas_credentials" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "saas_organisations_workspace" ON "saas_organisations" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);