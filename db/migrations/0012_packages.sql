CREATE TABLE "package_chunks" (
	"workspace_id" uuid NOT NULL,
	"package_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"bytes" "bytea" NOT NULL,
	CONSTRAINT "package_chunks_workspace_id_package_id_no_pk" PRIMARY KEY("workspace_id","package_id","no")
);
--> statement-breakpoint
ALTER TABLE "package_chunks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "packages" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'receiving' NOT NULL,
	"file_name" text NOT NULL,
	"bytes" bigint NOT NULL,
	"sku_bytes" bigint,
	"sha256" text,
	"collected_at" timestamp (3) with time zone,
	"collector_version" text,
	"has_sign_ins" boolean DEFAULT false NOT NULL,
	"skus" integer,
	"users" integer,
	"fault" jsonb,
	"import_id" uuid,
	"uploaded_by" text NOT NULL,
	"token_id" uuid,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"progress_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"received_at" timestamp (3) with time zone,
	"attempt" integer DEFAULT 0 NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	"emptied_at" timestamp (3) with time zone,
	CONSTRAINT "packages_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "packages" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "upload_tokens" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"name" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "upload_tokens_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "upload_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "dataset_runs" ADD COLUMN "package_id" uuid;--> statement-breakpoint
ALTER TABLE "package_chunks" ADD CONSTRAINT "package_chunks_workspace_id_package_id_packages_workspace_id_id_fk" FOREIGN KEY ("workspace_id","package_id") REFERENCES "public"."packages"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "packages" ADD CONSTRAINT "packages_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "upload_tokens" ADD CONSTRAINT "upload_tokens_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "packages_by_connection" ON "packages" USING btree ("workspace_id","connection_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "packages_with_bytes" ON "packages" USING btree ("progress_at") WHERE emptied_at is null;--> statement-breakpoint
CREATE UNIQUE INDEX "upload_tokens_hash" ON "upload_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "upload_tokens_by_connection" ON "upload_tokens" USING btree ("workspace_id","connection_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE POLICY "package_chunks_workspace" ON "package_chunks" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "packages_workspace" ON "packages" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "upload_tokens_workspace" ON "upload_tokens" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
-- Packages are compressed already: no second try, and parts of a chunk are read without the rest of it.
ALTER TABLE "package_chunks" ALTER COLUMN "bytes" SET STORAGE EXTERNAL;
