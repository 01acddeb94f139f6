CREATE TABLE "app_credentials" (
	"cloud" text PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"expires_at" timestamp (3) with time zone,
	"seen_at" timestamp (3) with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "nightly_checks" (
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"next_check_at" timestamp (3) with time zone NOT NULL,
	"last_asked_at" timestamp (3) with time zone,
	CONSTRAINT "nightly_checks_workspace_id_connection_id_pk" PRIMARY KEY("workspace_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "nightly_checks" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "nightly_checks" ADD CONSTRAINT "nightly_checks_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "nightly_checks_due" ON "nightly_checks" USING btree ("next_check_at");--> statement-breakpoint
CREATE POLICY "nightly_checks_workspace" ON "nightly_checks" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
-- Connections that were verified get what new ones get: every night, at a minute that their id decides
-- (lib/domain/nightly-check.ts), by UTC until the first check.
INSERT INTO "nightly_checks" ("workspace_id", "connection_id", "next_check_at")
SELECT of_night."workspace_id", of_night."id",
  (CASE WHEN of_night."today" + of_night."after_midnight" > of_night."now" THEN of_night."today"
    ELSE of_night."today" + interval '1 day' END + of_night."after_midnight") AT TIME ZONE 'UTC'
FROM (
  SELECT c."workspace_id", c."id",
    make_interval(mins => 1320 + (('x' || left(c."id"::text, 8))::bit(32)::bigint % 120)::int) AS "after_midnight",
    now() AT TIME ZONE 'UTC' AS "now",
    date_trunc('day', now() AT TIME ZONE 'UTC') AS "today"
  FROM "connections" c
  WHERE c."status" <> 'disconnected' AND c."verified_at" IS NOT NULL
) AS of_night;
