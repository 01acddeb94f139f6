CREATE TABLE "connections" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"source" text NOT NULL,
	"method" text,
	"cloud" text DEFAULT 'global' NOT NULL,
	"tenant_id" uuid,
	"tenant_name" text,
	"tenant_domain" text,
	"tenant_hint" text,
	"client_id" uuid,
	"status" text DEFAULT 'draft' NOT NULL,
	"problem" jsonb,
	"consented_at" timestamp (3) with time zone,
	"proven_at" timestamp (3) with time zone,
	"verified_at" timestamp (3) with time zone,
	"declined_permissions" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"reconciliation_id" integer,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"disconnected_at" timestamp (3) with time zone,
	CONSTRAINT "connections_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "connections" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "consent_attempts" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"leg" text NOT NULL,
	"connection_id" uuid NOT NULL,
	"member_id" uuid,
	"session_id" uuid,
	"state_hash" text NOT NULL,
	"browser_hash" text NOT NULL,
	"expected_tenant_id" uuid,
	"nonce" text,
	"pkce_verifier" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"used_at" timestamp (3) with time zone,
	"outcome" text,
	CONSTRAINT "consent_attempts_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "consent_attempts" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "credentials" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
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
	CONSTRAINT "credentials_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "credentials" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "tenant_claims" (
	"tenant_id" uuid NOT NULL,
	"source" text NOT NULL,
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"claimed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "tenant_claims_tenant_id_source_pk" PRIMARY KEY("tenant_id","source")
);
--> statement-breakpoint
ALTER TABLE "tenant_claims" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "verifications" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"kind" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"consent_attempt_id" uuid,
	"credential_id" uuid,
	"sealed_code" text,
	"attempts" integer DEFAULT 0 NOT NULL,
	"next_attempt_at" timestamp (3) with time zone,
	"result" jsonb,
	"failure" jsonb,
	"requested_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "verifications_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "verifications" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "exclusions" (
	"workspace_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"user_id" uuid NOT NULL,
	"reason" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "exclusions_workspace_id_tenant_id_user_id_pk" PRIMARY KEY("workspace_id","tenant_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "exclusions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "prices" (
	"workspace_id" uuid NOT NULL,
	"sku_id" uuid NOT NULL,
	"amount" numeric(14, 4) NOT NULL,
	"currency" text NOT NULL,
	"source" text NOT NULL,
	"as_of" text,
	"origin" text,
	"updated_by" text,
	"updated_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "prices_workspace_id_sku_id_pk" PRIMARY KEY("workspace_id","sku_id")
);
--> statement-breakpoint
ALTER TABLE "prices" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "purchase_allocations" (
	"workspace_id" uuid NOT NULL,
	"purchase_id" uuid NOT NULL,
	"tenant_id" uuid NOT NULL,
	"sku_id" uuid NOT NULL,
	"quantity" integer NOT NULL,
	CONSTRAINT "purchase_allocations_workspace_id_purchase_id_tenant_id_sku_id_pk" PRIMARY KEY("workspace_id","purchase_id","tenant_id","sku_id")
);
--> statement-breakpoint
ALTER TABLE "purchase_allocations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "purchases" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"reference" text NOT NULL,
	"valid_from" date NOT NULL,
	"valid_to" date,
	"decision_on" date,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "purchases_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "purchases" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "supersessions" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"by_source" text NOT NULL,
	"tenant_id" uuid,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "supersessions_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "supersessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "dataset_epochs" (
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"dataset" text NOT NULL,
	"epoch" integer DEFAULT 0 NOT NULL,
	"snapshot_id" bigint,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "dataset_epochs_workspace_id_connection_id_dataset_pk" PRIMARY KEY("workspace_id","connection_id","dataset")
);
--> statement-breakpoint
ALTER TABLE "dataset_epochs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "dataset_runs" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"dataset" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"epoch" integer,
	"snapshot_id" bigint,
	"hold" jsonb,
	"failure" jsonb,
	"decided_by" text,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"started_at" timestamp (3) with time zone,
	"progress_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"finished_at" timestamp (3) with time zone,
	"published_at" timestamp (3) with time zone,
	CONSTRAINT "dataset_runs_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "dataset_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "import_runs" (
	"workspace_id" uuid NOT NULL,
	"import_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"adopted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "import_runs_workspace_id_import_id_run_id_pk" PRIMARY KEY("workspace_id","import_id","run_id")
);
--> statement-breakpoint
ALTER TABLE "import_runs" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "imports" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"connection_id" uuid NOT NULL,
	"trigger" text NOT NULL,
	"idempotency_key" text,
	"requested_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "imports_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "imports_idempotency" UNIQUE("workspace_id","idempotency_key")
);
--> statement-breakpoint
ALTER TABLE "imports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "read_checkpoints" (
	"workspace_id" uuid NOT NULL,
	"run_id" uuid NOT NULL,
	"read" text NOT NULL,
	"state" text DEFAULT 'queued' NOT NULL,
	"attempt" integer DEFAULT 1 NOT NULL,
	"page_no" integer DEFAULT 0 NOT NULL,
	"next_link" text,
	"rows" integer DEFAULT 0 NOT NULL,
	"duplicates" integer DEFAULT 0 NOT NULL,
	"quarantined" integer DEFAULT 0 NOT NULL,
	"retries" integer DEFAULT 0 NOT NULL,
	"wait_kind" text,
	"wait_until" timestamp (3) with time zone,
	"unexpected" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"problems" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"reason" text,
	"failure" jsonb,
	"refreshed_on" text,
	"concealed" boolean,
	"started_at" timestamp (3) with time zone,
	"committed_at" timestamp (3) with time zone,
	"finished_at" timestamp (3) with time zone,
	CONSTRAINT "read_checkpoints_workspace_id_run_id_read_pk" PRIMARY KEY("workspace_id","run_id","read")
);
--> statement-breakpoint
ALTER TABLE "read_checkpoints" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workers" (
	"id" uuid PRIMARY KEY NOT NULL,
	"started_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "license_history" (
	"workspace_id" uuid NOT NULL,
	"license_id" uuid NOT NULL,
	"day" date NOT NULL,
	"entitled" integer,
	"consumed" integer,
	"active" integer,
	"available" integer,
	"compliance" text NOT NULL,
	CONSTRAINT "license_history_workspace_id_license_id_day_pk" PRIMARY KEY("workspace_id","license_id","day")
);
--> statement-breakpoint
ALTER TABLE "license_history" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "license_positions" (
	"workspace_id" uuid NOT NULL,
	"reconciliation_id" integer NOT NULL,
	"license_id" uuid NOT NULL,
	"sku_no" integer,
	"status" text NOT NULL,
	"retired_reason" text,
	"compliance" text NOT NULL,
	"flags" text[] NOT NULL,
	"enabled" integer,
	"expiring" integer,
	"suspended" integer,
	"locked_out" integer,
	"entitled" integer,
	"reported" integer,
	"consumed" integer,
	"difference" jsonb,
	"trial" integer,
	"available" integer,
	"shortfall" integer,
	"purchased" integer,
	"contract" jsonb NOT NULL,
	"assigned" jsonb,
	"activity" jsonb,
	"blocked" integer,
	"guests" integer,
	"unavailable" jsonb NOT NULL,
	"idle_units" integer DEFAULT 0 NOT NULL,
	"low_confidence_units" integer DEFAULT 0 NOT NULL,
	"direct_idle_units" integer DEFAULT 0 NOT NULL,
	"unassigned_units" integer,
	"left_out" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"price_amount" numeric(14, 4),
	"price_currency" text,
	"price_source" text,
	"price_as_of" text,
	"decision_on" date,
	"decision_source" text,
	"decision_units" integer,
	CONSTRAINT "license_positions_workspace_id_reconciliation_id_license_id_pk" PRIMARY KEY("workspace_id","reconciliation_id","license_id")
);
--> statement-breakpoint
ALTER TABLE "license_positions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "licenses" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"source" text NOT NULL,
	"tenant_id" uuid NOT NULL,
	"external_id" text NOT NULL,
	"sku_id" uuid,
	"connection_id" uuid NOT NULL,
	"part_number" text,
	"product_name" text NOT NULL,
	"type" text NOT NULL,
	"status" text NOT NULL,
	"retired_reason" text,
	"retired_at" timestamp (3) with time zone,
	"free_pool_decision" boolean,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "licenses_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "licenses_identity" UNIQUE("workspace_id","source","tenant_id","external_id")
);
--> statement-breakpoint
ALTER TABLE "licenses" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "opportunities" (
	"workspace_id" uuid NOT NULL,
	"reconciliation_id" integer NOT NULL,
	"license_id" uuid NOT NULL,
	"user_no" integer NOT NULL,
	"kind" text NOT NULL,
	"confidence" text NOT NULL,
	"since" date,
	"caution" text,
	"direct" boolean NOT NULL,
	"units" integer DEFAULT 1 NOT NULL,
	CONSTRAINT "opportunities_workspace_id_reconciliation_id_license_id_user_no_pk" PRIMARY KEY("workspace_id","reconciliation_id","license_id","user_no")
);
--> statement-breakpoint
ALTER TABLE "opportunities" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "reconciliations" (
	"workspace_id" uuid NOT NULL,
	"id" integer GENERATED ALWAYS AS IDENTITY (sequence name "reconciliations_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"directory_snapshot_id" bigint,
	"sign_ins_snapshot_id" bigint,
	"usage_snapshot_id" bigint,
	"evaluated_on" date NOT NULL,
	"activity_window_days" integer NOT NULL,
	"grace_days" integer NOT NULL,
	"sign_ins_unavailable" text,
	"usage_unavailable" text,
	"mailbox_unavailable" text,
	"cause" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "reconciliations_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "reconciliations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "list_prices" (
	"sku_id" uuid PRIMARY KEY NOT NULL,
	"part_number" text NOT NULL,
	"usd_per_user_month" text NOT NULL,
	"origin" text NOT NULL,
	"as_of" text
);
--> statement-breakpoint
CREATE TABLE "product_revisions" (
	"revision" text PRIMARY KEY NOT NULL,
	"products" integer NOT NULL,
	"loaded_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "product_service_plans" (
	"sku_id" uuid NOT NULL,
	"service_plan_id" uuid NOT NULL,
	CONSTRAINT "product_service_plans_sku_id_service_plan_id_pk" PRIMARY KEY("sku_id","service_plan_id")
);
--> statement-breakpoint
CREATE TABLE "products" (
	"sku_id" uuid PRIMARY KEY NOT NULL,
	"part_number" text NOT NULL,
	"display_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "service_plans" (
	"service_plan_id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"friendly_name" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rate_buckets" (
	"workspace_id" uuid NOT NULL,
	"bucket" text NOT NULL,
	"tokens" double precision NOT NULL,
	"refilled_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "rate_buckets_workspace_id_bucket_pk" PRIMARY KEY("workspace_id","bucket")
);
--> statement-breakpoint
ALTER TABLE "rate_buckets" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sku_numbers" (
	"workspace_id" uuid NOT NULL,
	"no" integer GENERATED ALWAYS AS IDENTITY (sequence name "sku_numbers_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"sku_id" uuid NOT NULL,
	CONSTRAINT "sku_numbers_workspace_id_no_pk" PRIMARY KEY("workspace_id","no"),
	CONSTRAINT "sku_numbers_sku" UNIQUE("workspace_id","sku_id")
);
--> statement-breakpoint
ALTER TABLE "sku_numbers" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_assignments" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"sku_no" integer NOT NULL,
	"user_no" integer NOT NULL,
	"holds" boolean NOT NULL,
	"direct" boolean NOT NULL,
	"group_ids" uuid[],
	"in_error" boolean NOT NULL,
	"error" text,
	"assigned_at" timestamp (3) with time zone,
	"disabled_plan_ids" uuid[],
	CONSTRAINT "snapshot_assignments_workspace_id_snapshot_id_sku_no_user_no_pk" PRIMARY KEY("workspace_id","snapshot_id","sku_no","user_no")
);
--> statement-breakpoint
ALTER TABLE "snapshot_assignments" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_deleted_users" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"user_id" uuid NOT NULL,
	"user_principal_name" text,
	"display_name" text,
	"deleted_at" timestamp (3) with time zone,
	"sku_ids" uuid[] NOT NULL,
	CONSTRAINT "snapshot_deleted_users_workspace_id_snapshot_id_user_id_pk" PRIMARY KEY("workspace_id","snapshot_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_deleted_users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_groups" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"group_id" uuid NOT NULL,
	"display_name" text,
	CONSTRAINT "snapshot_groups_workspace_id_snapshot_id_group_id_pk" PRIMARY KEY("workspace_id","snapshot_id","group_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_groups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_organizations" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"tenant_id" uuid NOT NULL,
	"display_name" text NOT NULL,
	"default_domain" text,
	"country_code" text,
	CONSTRAINT "snapshot_organizations_workspace_id_snapshot_id_pk" PRIMARY KEY("workspace_id","snapshot_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_organizations" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_reports" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"report" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"refreshed_on" date,
	"concealed" boolean DEFAULT false NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"facts" jsonb DEFAULT '{}'::jsonb NOT NULL,
	CONSTRAINT "snapshot_reports_workspace_id_snapshot_id_report_pk" PRIMARY KEY("workspace_id","snapshot_id","report")
);
--> statement-breakpoint
ALTER TABLE "snapshot_reports" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_sign_ins" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"user_id" uuid NOT NULL,
	"last_successful_at" timestamp (3) with time zone,
	"last_interactive_at" timestamp (3) with time zone,
	"last_non_interactive_at" timestamp (3) with time zone,
	"evidence_on" date,
	CONSTRAINT "snapshot_sign_ins_workspace_id_snapshot_id_user_id_pk" PRIMARY KEY("workspace_id","snapshot_id","user_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_sign_ins" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_skus" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"reading" smallint NOT NULL,
	"sku_no" integer NOT NULL,
	"part_number" text,
	"applies_to" text NOT NULL,
	"capability_status" text,
	"consumed_units" integer,
	"units_reported" boolean NOT NULL,
	"enabled" integer,
	"expiring" integer,
	"suspended" integer,
	"locked_out" integer,
	"subscription_ids" text[] NOT NULL,
	"service_plan_ids" uuid[] NOT NULL,
	CONSTRAINT "snapshot_skus_workspace_id_snapshot_id_reading_sku_no_pk" PRIMARY KEY("workspace_id","snapshot_id","reading","sku_no")
);
--> statement-breakpoint
ALTER TABLE "snapshot_skus" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_subscriptions" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"subscription_id" text NOT NULL,
	"commerce_subscription_id" text,
	"sku_id" uuid,
	"part_number" text,
	"status" text,
	"total_units" integer,
	"trial" boolean,
	"created_at" timestamp (3) with time zone,
	"next_lifecycle_at" timestamp (3) with time zone,
	"partner_tenant_id" text,
	CONSTRAINT "snapshot_subscriptions_workspace_id_snapshot_id_subscription_id_pk" PRIMARY KEY("workspace_id","snapshot_id","subscription_id")
);
--> statement-breakpoint
ALTER TABLE "snapshot_subscriptions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_usage" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"upn_key" text NOT NULL,
	"report" smallint NOT NULL,
	"last_activity_on" date,
	"storage_bytes" bigint,
	"has_archive" boolean,
	CONSTRAINT "snapshot_usage_workspace_id_snapshot_id_upn_key_report_pk" PRIMARY KEY("workspace_id","snapshot_id","upn_key","report")
);
--> statement-breakpoint
ALTER TABLE "snapshot_usage" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshot_users" (
	"workspace_id" uuid NOT NULL,
	"snapshot_id" bigint NOT NULL,
	"user_no" integer NOT NULL,
	"page_no" integer NOT NULL,
	"user_id" uuid NOT NULL,
	"user_principal_name" text,
	"display_name" text,
	"mail" text,
	"account_enabled" boolean,
	"user_type" text,
	"created_at" timestamp (3) with time zone,
	"usage_location" text,
	"country" text,
	"city" text,
	"department" text,
	"job_title" text,
	"company_name" text,
	"office_location" text,
	"employee_id" text,
	"employee_type" text,
	"on_premises_synced" boolean,
	"deleted" boolean DEFAULT false NOT NULL,
	CONSTRAINT "snapshot_users_workspace_id_snapshot_id_user_no_pk" PRIMARY KEY("workspace_id","snapshot_id","user_no")
);
--> statement-breakpoint
ALTER TABLE "snapshot_users" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "snapshots" (
	"workspace_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "snapshots_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"connection_id" uuid NOT NULL,
	"dataset" text NOT NULL,
	"run_id" uuid NOT NULL,
	"state" text DEFAULT 'building' NOT NULL,
	"as_of" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"published_at" timestamp (3) with time zone,
	"digest" text,
	"rows" integer,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "snapshots_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "snapshots" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "api_tokens" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"name" text NOT NULL,
	"role" text NOT NULL,
	"token_hash" text NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"last_used_at" timestamp (3) with time zone,
	CONSTRAINT "api_tokens_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "api_tokens" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "audit_events" (
	"workspace_id" uuid NOT NULL,
	"id" bigint GENERATED ALWAYS AS IDENTITY (sequence name "audit_events_id_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"actor_kind" text NOT NULL,
	"actor_id" text,
	"actor_name" text NOT NULL,
	"action" text NOT NULL,
	"target_kind" text,
	"target_id" text,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"address" "inet",
	CONSTRAINT "audit_events_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "audit_events" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "members" (
	"workspace_id" uuid NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"tenant_id" uuid NOT NULL,
	"object_id" uuid NOT NULL,
	"name" text NOT NULL,
	"user_principal_name" text,
	"role" text NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_seen_at" timestamp (3) with time zone,
	"disabled_at" timestamp (3) with time zone,
	CONSTRAINT "members_workspace_id_id_pk" PRIMARY KEY("workspace_id","id"),
	CONSTRAINT "members_person" UNIQUE("workspace_id","tenant_id","object_id")
);
--> statement-breakpoint
ALTER TABLE "members" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "sessions" (
	"workspace_id" uuid NOT NULL,
	"id" uuid NOT NULL,
	"member_id" uuid NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	CONSTRAINT "sessions_workspace_id_id_pk" PRIMARY KEY("workspace_id","id")
);
--> statement-breakpoint
ALTER TABLE "sessions" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
CREATE TABLE "workspaces" (
	"id" uuid PRIMARY KEY NOT NULL,
	"slug" text NOT NULL,
	"name" text NOT NULL,
	"owner_tenant_id" uuid,
	"settings" jsonb DEFAULT '{"activityWindowDays":90,"graceDays":30}'::jsonb NOT NULL,
	"created_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "workspaces_slug_unique" UNIQUE("slug")
);
--> statement-breakpoint
ALTER TABLE "workspaces" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "connections" ADD CONSTRAINT "connections_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent_attempts" ADD CONSTRAINT "consent_attempts_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "credentials" ADD CONSTRAINT "credentials_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "tenant_claims" ADD CONSTRAINT "tenant_claims_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "verifications" ADD CONSTRAINT "verifications_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "exclusions" ADD CONSTRAINT "exclusions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "prices" ADD CONSTRAINT "prices_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchase_allocations" ADD CONSTRAINT "purchase_allocations_workspace_id_purchase_id_purchases_workspace_id_id_fk" FOREIGN KEY ("workspace_id","purchase_id") REFERENCES "public"."purchases"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "purchases" ADD CONSTRAINT "purchases_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "supersessions" ADD CONSTRAINT "supersessions_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_epochs" ADD CONSTRAINT "dataset_epochs_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "dataset_runs" ADD CONSTRAINT "dataset_runs_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_runs" ADD CONSTRAINT "import_runs_workspace_id_import_id_imports_workspace_id_id_fk" FOREIGN KEY ("workspace_id","import_id") REFERENCES "public"."imports"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "import_runs" ADD CONSTRAINT "import_runs_workspace_id_run_id_dataset_runs_workspace_id_id_fk" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."dataset_runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "imports" ADD CONSTRAINT "imports_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "read_checkpoints" ADD CONSTRAINT "read_checkpoints_workspace_id_run_id_dataset_runs_workspace_id_id_fk" FOREIGN KEY ("workspace_id","run_id") REFERENCES "public"."dataset_runs"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "license_history" ADD CONSTRAINT "license_history_workspace_id_license_id_licenses_workspace_id_id_fk" FOREIGN KEY ("workspace_id","license_id") REFERENCES "public"."licenses"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "license_positions" ADD CONSTRAINT "license_positions_workspace_id_reconciliation_id_reconciliations_workspace_id_id_fk" FOREIGN KEY ("workspace_id","reconciliation_id") REFERENCES "public"."reconciliations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "license_positions" ADD CONSTRAINT "license_positions_workspace_id_license_id_licenses_workspace_id_id_fk" FOREIGN KEY ("workspace_id","license_id") REFERENCES "public"."licenses"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "licenses" ADD CONSTRAINT "licenses_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "opportunities" ADD CONSTRAINT "opportunities_workspace_id_reconciliation_id_reconciliations_workspace_id_id_fk" FOREIGN KEY ("workspace_id","reconciliation_id") REFERENCES "public"."reconciliations"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "reconciliations" ADD CONSTRAINT "reconciliations_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rate_buckets" ADD CONSTRAINT "rate_buckets_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "snapshots" ADD CONSTRAINT "snapshots_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "api_tokens" ADD CONSTRAINT "api_tokens_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_events" ADD CONSTRAINT "audit_events_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "members" ADD CONSTRAINT "members_workspace_id_workspaces_id_fk" FOREIGN KEY ("workspace_id") REFERENCES "public"."workspaces"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_workspace_id_member_id_members_workspace_id_id_fk" FOREIGN KEY ("workspace_id","member_id") REFERENCES "public"."members"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "connections_tenant_source" ON "connections" USING btree ("workspace_id","tenant_id","source") WHERE tenant_id is not null and status <> 'disconnected';--> statement-breakpoint
CREATE UNIQUE INDEX "consent_attempts_state" ON "consent_attempts" USING btree ("state_hash");--> statement-breakpoint
CREATE INDEX "consent_attempts_by_connection" ON "consent_attempts" USING btree ("workspace_id","connection_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_version" ON "credentials" USING btree ("workspace_id","connection_id","version");--> statement-breakpoint
CREATE UNIQUE INDEX "credentials_one_active" ON "credentials" USING btree ("workspace_id","connection_id") WHERE state = 'active';--> statement-breakpoint
CREATE INDEX "verifications_by_connection" ON "verifications" USING btree ("workspace_id","connection_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE UNIQUE INDEX "verifications_one_active" ON "verifications" USING btree ("workspace_id","connection_id") WHERE state in ('queued', 'running', 'waiting');--> statement-breakpoint
CREATE UNIQUE INDEX "supersessions_scope" ON "supersessions" USING btree ("workspace_id","by_source",coalesce(tenant_id, '00000000-0000-0000-0000-000000000000'));--> statement-breakpoint
CREATE UNIQUE INDEX "dataset_runs_one_active" ON "dataset_runs" USING btree ("workspace_id","connection_id","dataset") WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "dataset_runs_by_connection" ON "dataset_runs" USING btree ("workspace_id","connection_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "dataset_runs_active" ON "dataset_runs" USING btree ("progress_at") WHERE state in ('queued', 'running');--> statement-breakpoint
CREATE INDEX "import_runs_by_run" ON "import_runs" USING btree ("workspace_id","run_id");--> statement-breakpoint
CREATE INDEX "imports_by_connection" ON "imports" USING btree ("workspace_id","connection_id","created_at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "licenses_by_connection" ON "licenses" USING btree ("workspace_id","connection_id");--> statement-breakpoint
CREATE INDEX "reconciliations_by_connection" ON "reconciliations" USING btree ("workspace_id","connection_id","id");--> statement-breakpoint
CREATE INDEX "snapshot_assignments_by_user" ON "snapshot_assignments" USING btree ("workspace_id","snapshot_id","user_no");--> statement-breakpoint
CREATE INDEX "snapshot_users_by_id" ON "snapshot_users" USING btree ("workspace_id","snapshot_id","user_id");--> statement-breakpoint
CREATE INDEX "snapshots_by_connection" ON "snapshots" USING btree ("workspace_id","connection_id","dataset","id");--> statement-breakpoint
CREATE UNIQUE INDEX "api_tokens_hash" ON "api_tokens" USING btree ("token_hash");--> statement-breakpoint
CREATE INDEX "audit_events_by_time" ON "audit_events" USING btree ("workspace_id","at" DESC NULLS LAST);--> statement-breakpoint
CREATE INDEX "members_by_person" ON "members" USING btree ("tenant_id","object_id");--> statement-breakpoint
CREATE UNIQUE INDEX "sessions_id" ON "sessions" USING btree ("id");--> statement-breakpoint
CREATE POLICY "connections_workspace" ON "connections" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "consent_attempts_workspace" ON "consent_attempts" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "credentials_workspace" ON "credentials" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "tenant_claims_workspace" ON "tenant_claims" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "verifications_workspace" ON "verifications" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "exclusions_workspace" ON "exclusions" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "prices_workspace" ON "prices" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "purchase_allocations_workspace" ON "purchase_allocations" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "purchases_workspace" ON "purchases" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "supersessions_workspace" ON "supersessions" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "dataset_epochs_workspace" ON "dataset_epochs" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "dataset_runs_workspace" ON "dataset_runs" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "import_runs_workspace" ON "import_runs" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "imports_workspace" ON "imports" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "read_checkpoints_workspace" ON "read_checkpoints" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "license_history_workspace" ON "license_history" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "license_positions_workspace" ON "license_positions" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "licenses_workspace" ON "licenses" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "opportunities_workspace" ON "opportunities" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "reconciliations_workspace" ON "reconciliations" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "rate_buckets_workspace" ON "rate_buckets" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "sku_numbers_workspace" ON "sku_numbers" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_assignments_workspace" ON "snapshot_assignments" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_deleted_users_workspace" ON "snapshot_deleted_users" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_groups_workspace" ON "snapshot_groups" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_organizations_workspace" ON "snapshot_organizations" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_reports_workspace" ON "snapshot_reports" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_sign_ins_workspace" ON "snapshot_sign_ins" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_skus_workspace" ON "snapshot_skus" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_subscriptions_workspace" ON "snapshot_subscriptions" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_usage_workspace" ON "snapshot_usage" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshot_users_workspace" ON "snapshot_users" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "snapshots_workspace" ON "snapshots" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "api_tokens_workspace" ON "api_tokens" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "audit_events_workspace" ON "audit_events" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "members_workspace" ON "members" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "sessions_workspace" ON "sessions" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
CREATE POLICY "workspaces_workspace" ON "workspaces" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (id = nullif(current_setting('app.workspace_id', true), '')::uuid);