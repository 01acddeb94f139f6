CREATE TABLE "import_schedules" (
	"workspace_id" uuid NOT NULL,
	"connection_id" uuid NOT NULL,
	"cadence" text NOT NULL,
	"weekday" text,
	"local_time" text NOT NULL,
	"time_zone" text NOT NULL,
	"next_run_at" timestamp (3) with time zone NOT NULL,
	"in_force_since" timestamp (3) with time zone DEFAULT now() NOT NULL,
	"last_due_at" timestamp (3) with time zone,
	"last_run_at" timestamp (3) with time zone,
	"last_import_id" uuid,
	"last_joined" boolean DEFAULT false NOT NULL,
	"changed_by" text NOT NULL,
	"changed_at" timestamp (3) with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "import_schedules_workspace_id_connection_id_pk" PRIMARY KEY("workspace_id","connection_id")
);
--> statement-breakpoint
ALTER TABLE "import_schedules" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
ALTER TABLE "import_schedules" ADD CONSTRAINT "import_schedules_workspace_id_connection_id_connections_workspace_id_id_fk" FOREIGN KEY ("workspace_id","connection_id") REFERENCES "public"."connections"("workspace_id","id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "import_schedules_due" ON "import_schedules" USING btree ("next_run_at");--> statement-breakpoint
CREATE POLICY "import_schedules_workspace" ON "import_schedules" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
-- Connections that have been ready get what new ones get: daily, at a minute of the night that their id decides
-- (lib/domain/schedule.ts defaultSchedule), and not within the hour.
INSERT INTO "import_schedules" ("workspace_id", "connection_id", "cadence", "local_time", "time_zone", "next_run_at", "changed_by")
SELECT of_night."workspace_id", of_night."id", 'daily', to_char(time '00:00' + of_night."after_midnight", 'HH24:MI'), 'UTC',
  (CASE WHEN of_night."today" + of_night."after_midnight" > of_night."soonest" THEN of_night."today"
    ELSE of_night."today" + interval '1 day' END + of_night."after_midnight") AT TIME ZONE 'UTC',
  'Seatledger'
FROM (
  SELECT c."workspace_id", c."id",
    make_interval(mins => 60 + (('x' || left(c."id"::text, 8))::bit(32)::bigint % 240)::int) AS "after_midnight",
    now() AT TIME ZONE 'UTC' + interval '1 hour' AS "soonest",
    date_trunc('day', now() AT TIME ZONE 'UTC' + interval '1 hour') AS "today"
  FROM "connections" c
  WHERE c."status" <> 'disconnected' AND c."verified_at" IS NOT NULL
) AS of_night;
