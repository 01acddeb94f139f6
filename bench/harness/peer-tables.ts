import { readFileSync } from "node:fs";
import type postgres from "postgres";

/** An empty table for each peer; what it stores there is compared with the truth. */
export async function resetPeerTables(owner: postgres.Sql): Promise<void> {
  await owner`drop table if exists bench_peer_users, bench_peer_rows`;
  await owner`
    create table bench_peer_users (id uuid primary key, user_principal_name text, display_name text,
      mail text, account_enabled boolean, user_type text, created_date_time text,
      usage_location text, country text, city text, department text, job_title text,
      company_name text, office_location text, employee_id text, employee_type text,
      on_premises_sync_enabled boolean, assigned_licenses jsonb, license_assignment_states jsonb)`;
  await owner`create table bench_peer_rows (user_id uuid not null, sku_id uuid)`;
}

/** Accounts and seats a peer stored with Drizzle. */
export const peerUserRows = (owner: postgres.Sql) => owner`
  select id as user_id, null::uuid as sku_id from bench_peer_users
  union all
  select id, (l ->> 'skuId')::uuid from bench_peer_users, jsonb_array_elements(assigned_licenses) l`;

/** Loads the JSON a peer printed; nothing when it printed none. */
export async function loadPrintedUsers(owner: postgres.Sql, file: string): Promise<void> {
  const text = readFileSync(file, "utf8").trim();
  if (!text.startsWith("[")) return;
  await owner`
    insert into bench_peer_rows
    with printed as (
      select * from jsonb_to_recordset(${text}::text::jsonb)
        as r(id uuid, "assignedLicenses" jsonb))
    select id, null::uuid from printed
    union all
    select id, (l ->> 'skuId')::uuid from printed, jsonb_array_elements("assignedLicenses") l`;
}

export const printedRows = (owner: postgres.Sql) =>
  owner`select user_id, sku_id from bench_peer_rows`;
