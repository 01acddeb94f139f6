ALTER TABLE "snapshot_users" ADD COLUMN "content_hash" bigint;--> statement-breakpoint
DROP INDEX "snapshot_users_by_id";--> statement-breakpoint
-- A read that an earlier version began may hold copies of accounts that came twice: the last row of each stays, and what
-- its checkpoint had summed up is taken from the rows again.
WITH copies AS MATERIALIZED (
	SELECT workspace_id, snapshot_id, user_no
	FROM (
		SELECT workspace_id, snapshot_id, user_no,
			row_number() OVER (PARTITION BY workspace_id, snapshot_id, user_id ORDER BY user_no DESC) AS copy
		FROM snapshot_users) numbered
	WHERE copy > 1),
seats AS (
	DELETE FROM snapshot_assignments a USING copies c
	WHERE a.workspace_id = c.workspace_id AND a.snapshot_id = c.snapshot_id AND a.user_no = c.user_no),
gone AS (
	DELETE FROM snapshot_users u USING copies c
	WHERE u.workspace_id = c.workspace_id AND u.snapshot_id = c.snapshot_id AND u.user_no = c.user_no
	RETURNING u.workspace_id, u.snapshot_id)
UPDATE read_checkpoints r SET duplicates = r.duplicates + counted.n, digest = NULL, held = NULL
FROM (
	SELECT s.workspace_id, s.run_id, count(*)::int AS n
	FROM gone JOIN snapshots s ON s.workspace_id = gone.workspace_id AND s.id = gone.snapshot_id
	GROUP BY s.workspace_id, s.run_id) counted
WHERE r.workspace_id = counted.workspace_id AND r.run_id = counted.run_id AND r.read = 'users';--> statement-breakpoint
CREATE UNIQUE INDEX "snapshot_users_by_id" ON "snapshot_users" USING btree ("workspace_id","snapshot_id","user_id");
