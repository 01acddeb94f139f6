CREATE TABLE "opportunity_groups" (
	"workspace_id" uuid NOT NULL,
	"reconciliation_id" integer NOT NULL,
	"license_id" uuid NOT NULL,
	"no" integer NOT NULL,
	"kind" text NOT NULL,
	"confidence" text NOT NULL,
	"caution" text,
	"direct" boolean NOT NULL,
	"units" integer NOT NULL,
	"user_nos" integer[],
	"sinces" date[],
	CONSTRAINT "opportunity_groups_workspace_id_reconciliation_id_license_id_no_pk" PRIMARY KEY("workspace_id","reconciliation_id","license_id","no")
);
--> statement-breakpoint
ALTER TABLE "opportunity_groups" ENABLE ROW LEVEL SECURITY;--> statement-breakpoint
INSERT INTO opportunity_groups
SELECT workspace_id, reconciliation_id, license_id,
	row_number() OVER (PARTITION BY workspace_id, reconciliation_id, license_id), kind, confidence, caution, direct, sum(units),
	CASE WHEN kind <> 'unassigned' THEN array_agg(user_no ORDER BY user_no) END,
	CASE WHEN kind <> 'unassigned' THEN array_agg(since ORDER BY user_no) END
FROM opportunities
GROUP BY workspace_id, reconciliation_id, license_id, kind, confidence, caution, direct;--> statement-breakpoint
DROP POLICY "opportunities_workspace" ON "opportunities" CASCADE;--> statement-breakpoint
DROP TABLE "opportunities" CASCADE;--> statement-breakpoint
CREATE POLICY "opportunity_groups_workspace" ON "opportunity_groups" AS PERMISSIVE FOR ALL TO "seatledger_web", "seatledger_worker" USING (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid) WITH CHECK (workspace_id = nullif(current_setting('app.workspace_id', true), '')::uuid);--> statement-breakpoint
-- The rows behind it are asked for with the rights of whoever reads.
CREATE VIEW "opportunities" WITH (security_invoker = true) AS
SELECT g.workspace_id, g.reconciliation_id, g.license_id, coalesce(seat.user_no, 0) AS user_no, g.kind, g.confidence,
	seat.since, g.caution, g.direct, CASE WHEN g.kind = 'unassigned' THEN g.units ELSE 1 END AS units
FROM opportunity_groups g
LEFT JOIN LATERAL unnest(g.user_nos, g.sinces) AS seat (user_no, since) ON true;
