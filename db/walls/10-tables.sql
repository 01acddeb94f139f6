-- Row-level security and rights of every table, whatever a migration added. Applied after each migration, repeatable.
--
-- FORCE makes the owner obey policies too. The owner's own policy opens a table inside the functions of schema app
-- (somebody else's session, the owner's rights) and for a session that says app.as_owner = 'on': the CLI and backups
-- do, a forgotten connection does not.
do $walls$
declare
  item record;
  opened text := $$current_user <> session_user or current_setting('app.as_owner', true) = 'on'$$;
begin
  for item in
    select c.oid, c.relname as name, c.relforcerowsecurity and c.relrowsecurity as forced,
           exists (
             select from pg_policy p
             where p.polrelid = c.oid and p.polname = c.relname || '_owner'
               and p.polroles = array[current_user::regrole::oid]
           ) as opened_for_owner
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and (c.relname = 'workspaces' or exists (
        select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
      ))
  loop
    if not item.forced then
      execute format('alter table public.%I enable row level security, force row level security', item.name);
    end if;
    if not item.opened_for_owner then
      execute format('drop policy if exists %I on public.%I', item.name || '_owner', item.name);
      execute format('create policy %I on public.%I for all to %I using (%s) with check (%s)',
        item.name || '_owner', item.name, current_user, opened, opened);
    end if;
  end loop;
end
$walls$;

grant usage on schema public, app, drizzle to seatledger_web, seatledger_worker;
revoke all on all tables in schema public from public, seatledger_web, seatledger_worker;
grant select, insert, update, delete on all tables in schema public to seatledger_web, seatledger_worker;

-- Revoking a table's right leaves earlier grants on single columns in place.
revoke all (sealed) on public.credentials from seatledger_web;
revoke all (sealed) on public.saas_credentials from seatledger_web;

-- The audit log is append only.
revoke update, delete on public.audit_events from seatledger_web, seatledger_worker;

-- Claims go through app.claim_tenant, app.move_claim and app.release_claim.
revoke all on public.tenant_claims from seatledger_web, seatledger_worker;

-- Buckets of visitors go through app.take_visitor_token.
revoke all on public.visitor_buckets from seatledger_web, seatledger_worker;

-- Workspaces are made by the CLI; people and sessions begin in app.sign_in.
revoke insert, delete on public.workspaces from seatledger_web, seatledger_worker;
revoke insert, delete on public.sessions from seatledger_web, seatledger_worker;

-- Web writes sealed credentials and cannot read them back.
do $walls$
declare
  item text;
  readable text;
begin
  foreach item in array array['credentials', 'saas_credentials'] loop
    select string_agg(quote_ident(attname), ', ' order by attnum) into readable
    from pg_attribute
    where attrelid = format('public.%I', item)::regclass and attnum > 0 and not attisdropped
      and attname <> 'sealed';
    execute format('revoke select on public.%I from seatledger_web', item);
    execute format('grant select (%s) on public.%I to seatledger_web', readable, item);
  end loop;
end
$walls$;

-- Web takes packages in and cannot read them back.
revoke select on public.package_chunks from seatledger_web;
grant select (workspace_id, package_id, no) on public.package_chunks to seatledger_web;

-- Reference data and what migrations ran: to read. Workers show themselves through app.worker_beat.
revoke insert, update, delete
  on public.product_revisions, public.products, public.service_plans, public.product_service_plans,
     public.list_prices, public.workers, public.app_credentials
  from seatledger_web, seatledger_worker;
grant select on drizzle.__drizzle_migrations to seatledger_web, seatledger_worker;
