ALTER TABLE "reconciliations" ADD COLUMN "opportunities_of" integer;--> statement-breakpoint
CREATE INDEX "reconciliations_by_opportunities" ON "reconciliations" USING btree ("workspace_id","opportunities_of");--> statement-breakpoint
UPDATE reconciliations SET opportunities_of = id;
