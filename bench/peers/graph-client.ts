import { Client, type PageCollection, PageIterator } from "@microsoft/microsoft-graph-client";
import { sql } from "drizzle-orm";
import { boolean, jsonb, pgTable, text, uuid } from "drizzle-orm/pg-core";
import { drizzle } from "drizzle-orm/postgres-js";
import postgres from "postgres";
import type { GraphClientTask } from "../harness/graph-client-task.ts";

/**
 * An import as its user would write it with Microsoft's client: PageIterator with its own retries, the same properties,
 * rows into a table with Drizzle, a batch at a time, a repeated id replaced.
 */
const task: GraphClientTask = JSON.parse(process.argv[2] ?? "");

/** Created by bench/harness/peer-tables.ts. */
const peerUsers = pgTable("bench_peer_users", {
  id: uuid("id").primaryKey(),
  userPrincipalName: text("user_principal_name"),
  displayName: text("display_name"),
  mail: text("mail"),
  accountEnabled: boolean("account_enabled"),
  userType: text("user_type"),
  createdDateTime: text("created_date_time"),
  usageLocation: text("usage_location"),
  country: text("country"),
  city: text("city"),
  department: text("department"),
  jobTitle: text("job_title"),
  companyName: text("company_name"),
  officeLocation: text("office_location"),
  employeeId: text("employee_id"),
  employeeType: text("employee_type"),
  onPremisesSyncEnabled: boolean("on_premises_sync_enabled"),
  assignedLicenses: jsonb("assigned_licenses"),
  licenseAssignmentStates: jsonb("license_assignment_states"),
});

const microsoft = "https://graph.microsoft.com";
const platformFetch = globalThis.fetch;

/**
 * The client knows https hosts only and takes other links for paths: its requests to Microsoft reach the simulator, and
 * the simulator's links come back as Microsoft's.
 */
globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const response = await platformFetch(url.replace(microsoft, task.graphOrigin), init);
  const text = (await response.text()).replace(task.graphOrigin, microsoft);
  const { status, headers } = response;
  return new Response(
    // The context comes before the link.
    text.replace(`"@odata.nextLink":"${task.graphOrigin}`, `"@odata.nextLink":"${microsoft}`),
    { status, headers },
  );
};

const connection = postgres(task.databaseUrl, { max: 1 });
const db = drizzle(connection);
const client = Client.init({
  authProvider: (done) => done(null, task.token),
});

let batch: (typeof peerUsers.$inferInsert)[] = [];
const batchRows = 1000;

async function store(): Promise<void> {
  if (batch.length === 0) return;
  await db
    .insert(peerUsers)
    .values(batch)
    .onConflictDoUpdate({
      target: peerUsers.id,
      set: {
        assignedLicenses: sql`excluded.assigned_licenses`,
        licenseAssignmentStates: sql`excluded.license_assignment_states`,
      },
    });
  batch = [];
}

const request = client.api("/users").select(task.select);
const first: PageCollection = await (task.top === null ? request : request.top(task.top)).get();
const iterator = new PageIterator(client, first, (user) => {
  batch.push(user);
  return batch.length < batchRows;
});
await iterator.iterate();
while (!iterator.isComplete()) {
  await store();
  await iterator.resume();
}
await store();
await connection.end();
