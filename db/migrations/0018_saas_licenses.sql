CREATE TABLE "sku_mappings" (
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"external_id" text NOT NULL,
	"sku_id" uuid NOT NULL,
	"mapped_by" text NOT NULL,
	"mapped_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "sku_mappings_workspace_id_connection_id_kind_external_id_pk" PRIMARY KEY("workspace_id","connection_id","kind","external_id")
);
--> statement-breakpoint
ALTER TABLE "sku_mappings" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_terms" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"sku_no" integer NOT NULL,
	"place" smallint NOT NULL,
	"type" text,
	"units" integer,
	"annual_cost" numeric(19, 4),
	"currency" text,
	"starts_on" date,
	"ends_on" date,
	CONSTRAINT "snapshot_terms_workspace_id_snapshot_id_sku_no_place_pk" PRIMARY KEY("workspace_id","snapshot_id","sku_no","place")
);
--> statement-breakpoint
ALTER TABLE "snapshot_terms" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "sku_numbers" ADD COLUMN "name" text;--> statement-breakpoint
ALTER TABLE "snapshot_skus" ADD COLUMN "external_id" text;--> statement-breakpoint
ALTER TABLE "snapshot_skus" ADD COLUMN "license_name" text;--> statement-breakpoint
ALTER TABLE "snapshot_skus" ADD COLUMN "license_sku_id" uuid;--> statement-breakpoint
ALTER TABLE "snapshot_skus" ADD COLUMN "resolution" text;--> statement-breakpoint
ALTER TABLE "sku_mappings" ADD CONSTRAINT "sku_mappings_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "sku_mappings_license" ON "sku_mappings" USING btree ("workspace_id","connection_id","sku_id") WHERE kind = 'license';--> statement-breakpoint
CREATE POLICY "sku_mappings_workspace" ON "sku_mappings" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_terms_workspace" ON "snapshot_terms" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);