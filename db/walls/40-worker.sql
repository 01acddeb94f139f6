-- What a worker looks for across workspaces: ids only, never content.

drop function if exists app.active_runs();
create or replace function app.open_runs()
returns table (workspace_id uuid, run_id uuid, dataset text, turn_at timestamptz, paused_until timestamptz)
language sql stable security definer set search_path = ''
as $$
  select r.workspace_id, r.id, r.dataset, r.turn_at, r.paused_until
  from public.dataset_runs r
  where r.state in ('queued', 'running')
  order by r.progress_at
$$;

-- Which of these connections are disconnected or gone: a worker forgets what it keeps of them in memory.
create or replace function app.ended_connections(asked uuid[])
returns table (connection_id uuid)
language sql stable security definer set search_path = ''
as $$
  select a.id
  from unnest(asked) as a(id)
  where not exists (
    select from public.connections c where c.id = a.id and c.status <> 'disconnected'
  )
$$;

-- Services of tenants that Microsoft wants left alone, and for how many milliseconds more.
create or replace function app.limited_services()
returns table (connection_id uuid, service text, limited_ms double precision)
language sql volatile security definer set search_path = ''
as $$
  select b.connection_id, b.service,
    (extract(epoch from b.limited_until - clock_timestamp()) * 1000)::double precision
  from public.service_budgets b
  where b.limited_until > clock_timestamp()
$$;

-- Verifications nobody may be working on: asked for, waiting for a moment that has come, or running for longer than most
-- take. Where one of these is being worked on its job lives, and sending it again changes nothing.
create or replace function app.verifications_due()
returns table (workspace_id uuid, verification_id uuid)
language sql stable security definer set search_path = ''
as $$
  select v.workspace_id, v.id
  from public.verifications v
  where v.state = 'queued'
    or (v.state = 'waiting' and (v.next_attempt_at is null or v.next_attempt_at <= now()))
    or (v.state = 'running' and v.started_at < now() - interval '15 seconds')
  order by v.created_at
$$;

-- Packages somebody should look at: to be checked, waiting for their import's turn, or with bytes nobody needs any more
-- (their import is over, or they stopped coming in a day ago). Where one is being checked its job lives.
create or replace function app.packages_due()
returns table (workspace_id uuid, package_id uuid)
language sql stable security definer set search_path = ''
as $$
  select p.workspace_id, p.id
  from public.packages p
  where p.emptied_at is null and (
    (p.state = 'received' and (p.started_at is null or p.started_at < now() - interval '15 seconds'))
    or p.state in ('waiting', 'unchanged', 'refused', 'cancelled')
    or (p.state = 'receiving' and p.progress_at < now() - interval '1 day')
    or (p.state = 'importing' and not exists (
      select from public.dataset_runs r
      where r.workspace_id = p.workspace_id and r.package_id = p.id and r.state in ('queued', 'running')
    )))
  order by p.progress_at
  limit 200
$$;

-- Key pairs somebody asked for and no worker has made yet.
create or replace function app.key_pairs_due()
returns table (workspace_id uuid, credential_id uuid)
language sql stable security definer set search_path = ''
as $$
  select c.workspace_id, c.id
  from public.credentials c
  where c.state = 'prepared' and c.certificate is null
  order by c.created_at
  limit 100
$$;

-- Checks of SaaS Management organisations nobody may be working on: asked for, or running for longer than most take.
create or replace function app.saas_checks_due()
returns table (workspace_id uuid, check_id uuid)
language sql stable security definer set search_path = ''
as $$
  select c.workspace_id, c.id
  from public.saas_checks c
  where c.state = 'queued'
    or (c.state = 'running' and c.started_at < now() - interval '15 seconds')
  order by c.created_at
  limit 200
$$;

-- Organisations whose credential was in use and not looked at for a day: their nightly check.
create or replace function app.saas_organisations_due()
returns table (workspace_id uuid, organisation_id uuid)
language sql stable security definer set search_path = ''
as $$
  select o.workspace_id, o.id
  from public.saas_organisations o
  where o.removed_at is null and o.verified_at is not null
    and not exists (
      select from public.saas_checks c
      where c.workspace_id = o.workspace_id and c.organisation_id = o.id
        and c.created_at > now() - interval '1 day')
  order by o.id
  limit 200
$$;

-- Schedules whose time has come (the database's clock), the longest due first. Drafts, paused and disconnected
-- connections are not imported. A bounded round leaves the rest to other workers and to the next one.
create or replace function app.schedules_due()
returns table (workspace_id uuid, connection_id uuid)
language sql stable security definer set search_path = ''
as $$
  select s.workspace_id, s.connection_id
  from public.import_schedules s
  join public.connections c on c.workspace_id = s.workspace_id and c.id = s.connection_id
  where s.next_run_at <= now() and c.status in ('verifying', 'ready', 'action-needed')
  order by s.next_run_at
  limit 200
$$;

-- Parallel runs whose days are over: what is switched, or told why not.
create or replace function app.parallel_runs_due()
returns table (workspace_id uuid, id uuid)
language sql stable security definer set search_path = ''
as $$
  select p.workspace_id, p.id
  from public.parallel_runs p
  where p.switch_at <= now()
  order by p.switch_at
  limit 200
$$;

-- Nightly checks whose time has come (the database's clock), the longest due first. Drafts, paused and disconnected
-- connections are not looked at. A bounded round leaves the rest to other workers and to the next one.
create or replace function app.checks_due()
returns table (workspace_id uuid, connection_id uuid)
language sql stable security definer set search_path = ''
as $$
  select n.workspace_id, n.connection_id
  from public.nightly_checks n
  join public.connections c on c.workspace_id = n.workspace_id and c.id = n.connection_id
  where n.next_check_at <= now() and c.status in ('ready', 'action-needed')
  order by n.next_check_at
  limit 200
$$;

-- What a worker knows of the credential of the installation's app in a cloud; null = its end is not known.
create or replace function app.record_app_credential(app_cloud text, app_kind text, app_expires_at timestamptz)
returns void
language sql volatile security definer set search_path = ''
as $$
  insert into public.app_credentials (cloud, kind, expires_at)
  values (app_cloud, app_kind, app_expires_at)
  on conflict on constraint app_credentials_pkey do update
    set kind = excluded.kind, expires_at = excluded.expires_at, seen_at = now()
$$;

-- Workspaces whose numbers go on: what the daily recompute goes through.
create or replace function app.workspaces_with_connections()
returns table (workspace_id uuid)
language sql stable security definer set search_path = ''
as $$
  select distinct c.workspace_id
  from public.connections c
  where c.status not in ('draft', 'awaiting-consent', 'disconnected')
$$;

-- Publishes of a directory whose changes are still to be found, the oldest first.
create or replace function app.changes_to_compare()
returns table (workspace_id uuid, set_id bigint)
language sql stable security definer set search_path = ''
as $$
  select s.workspace_id, s.id
  from public.change_sets s
  where s.state = 'comparing'
  order by s.id
$$;

-- Managed applications whose published directory has yet to be matched with that of another source of their tenant:
-- Microsoft 365 before the deprecated connector, as db/queries/people-matching.ts finds the pair.
create or replace function app.people_to_match()
returns table (workspace_id uuid, connection_id uuid)
language sql stable security definer set search_path = ''
as $$
  select own.workspace_id, own.id
  from public.connections own
  join public.dataset_epochs e on e.workspace_id = own.workspace_id and e.connection_id = own.id
    and e.dataset = 'directory' and e.snapshot_id is not null
  cross join lateral (
    select d.snapshot_id
    from public.connections c
    join public.dataset_epochs d on d.workspace_id = c.workspace_id and d.connection_id = c.id
      and d.dataset = 'directory' and d.snapshot_id is not null
    where c.workspace_id = own.workspace_id and c.tenant_id = own.tenant_id and c.id <> own.id
      and c.status <> 'disconnected'
    order by c.source
    limit 1) other
  where own.source = 'saas-management'
    and not exists (
      select from public.people_matches m
      where m.workspace_id = own.workspace_id and m.own_snapshot_id = e.snapshot_id
        and m.other_snapshot_id = other.snapshot_id)
  order by own.workspace_id, own.id
$$;

-- Workspaces with rows a clean-up may find: a disconnected connection leaves some behind.
create or replace function app.workspaces_with_snapshots()
returns table (workspace_id uuid)
language sql stable security definer set search_path = ''
as $$
  select w.id
  from public.workspaces w
  where exists (select from public.snapshots s where s.workspace_id = w.id)
$$;

create or replace function app.worker_beat(id uuid)
returns void
language sql volatile security definer set search_path = ''
as $$
  delete from public.workers w where w.seen_at < now() - interval '1 day';
  insert into public.workers (id) values (worker_beat.id)
  on conflict on constraint workers_pkey do update set seen_at = now();
$$;

-- Seconds since any worker showed itself; null = never (greatest alone would turn that null into 0).
create or replace function app.worker_seen()
returns double precision
language sql volatile security definer set search_path = ''
as $$
  select case when max(w.seen_at) is not null
    then greatest(0, extract(epoch from clock_timestamp() - max(w.seen_at)))::double precision end
  from public.workers w
$$;
