-- What must be found before the workspace is known (DESIGN §3). Each function answers one narrow question as the owner,
-- with an empty search_path, so every name is qualified and a caller's schema can put nothing in between.

create or replace function app.find_session(sid uuid)
returns table (
  workspace_id uuid, session_id uuid, member_id uuid, name text, role text,
  tenant_id uuid, object_id uuid, workspace_name text, workspace_slug text
)
language sql stable security definer set search_path = ''
as $$
  select s.workspace_id, s.id, m.id, m.name, m.role, m.tenant_id, m.object_id, w.name, w.slug
  from public.sessions s
  join public.members m on m.workspace_id = s.workspace_id and m.id = s.member_id
  join public.workspaces w on w.id = s.workspace_id
  where s.id = sid and s.revoked_at is null and s.expires_at > now() and m.disabled_at is null
$$;

-- Starts a session of 12 hours for a person (tid, oid). With may_own (Entra app role `owner`) somebody unknown becomes
-- the first owner of the one workspace that waits for one; two such workspaces are ambiguous and nothing happens.
create or replace function app.sign_in(tid uuid, oid uuid, person_name text, upn text, may_own boolean)
returns table (outcome text, workspace_id uuid, member_id uuid, session_id uuid)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  found_workspace uuid;
  found_member uuid;
  is_disabled boolean;
  waiting uuid[];
  new_session uuid := gen_random_uuid();
begin
  select m.workspace_id, m.id, m.disabled_at is not null
    into found_workspace, found_member, is_disabled
  from public.members m
  where m.tenant_id = tid and m.object_id = oid
  order by m.disabled_at is not null, m.last_seen_at desc nulls last, m.created_at
  limit 1;

  if found_member is null and may_own then
    -- One at a time: of two people arriving together only the first becomes the owner.
    perform pg_advisory_xact_lock(hashtextextended('seatledger first owner', 0));
    select array_agg(w.id) into waiting
    from public.workspaces w
    where (w.owner_tenant_id is null or w.owner_tenant_id = tid)
      and not exists (select from public.members m where m.workspace_id = w.id);
    if cardinality(waiting) = 1 then
      found_workspace := waiting[1];
      is_disabled := false;
      insert into public.members (workspace_id, tenant_id, object_id, name, user_principal_name, role)
      values (found_workspace, tid, oid, person_name, upn, 'owner')
      returning id into found_member;
      insert into public.audit_events (workspace_id, actor_kind, actor_id, actor_name, action, target_kind, target_id, details)
      values (found_workspace, 'member', found_member::text, person_name, 'member.created', 'member', found_member::text,
              jsonb_build_object('role', 'owner', 'by', 'entra-app-role'));
    end if;
  end if;

  if found_member is null then
    return query select 'not-a-member', null::uuid, null::uuid, null::uuid;
    return;
  end if;
  if is_disabled then
    return query select 'disabled', null::uuid, null::uuid, null::uuid;
    return;
  end if;

  update public.members m
  set name = person_name, user_principal_name = upn, last_seen_at = now()
  where m.workspace_id = found_workspace and m.id = found_member;
  insert into public.sessions (workspace_id, id, member_id, expires_at)
  values (found_workspace, new_session, found_member, now() + interval '12 hours');
  return query select 'ok', found_workspace, found_member, new_session;
end
$$;

-- A live token by the SHA-256 of its text (hex). Its last use is noted at most once a minute.
create or replace function app.find_api_token(hash text)
returns table (workspace_id uuid, token_id uuid, name text, role text)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.api_tokens t
  set last_used_at = now()
  where t.token_hash = hash and t.revoked_at is null and t.expires_at > now()
    and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute');
  return query
    select t.workspace_id, t.id, t.name, t.role
    from public.api_tokens t
    where t.token_hash = hash and t.revoked_at is null and t.expires_at > now();
end
$$;

-- A live upload token by the SHA-256 of its text (hex), and the one connection it may upload to. Its last use is noted at
-- most once a minute.
create or replace function app.find_upload_token(hash text)
returns table (workspace_id uuid, token_id uuid, connection_id uuid, name text)
language plpgsql volatile security definer set search_path = ''
as $$
begin
  update public.upload_tokens t
  set last_used_at = now()
  where t.token_hash = hash and t.revoked_at is null and t.expires_at > now()
    and (t.last_used_at is null or t.last_used_at < now() - interval '1 minute');
  return query
    select t.workspace_id, t.id, t.connection_id, t.name
    from public.upload_tokens t
    where t.token_hash = hash and t.revoked_at is null and t.expires_at > now();
end
$$;

-- Takes one leg of an administrator's way to Microsoft and back: once, in time, in the browser that began it.
-- A wrong browser does not use the attempt up.
create or replace function app.use_consent_attempt(wanted_leg text, wanted_state_hash text, wanted_browser_hash text)
returns setof public.consent_attempts
language sql volatile security definer set search_path = ''
as $$
  update public.consent_attempts a
  set used_at = now()
  where a.state_hash = wanted_state_hash and a.browser_hash = wanted_browser_hash and a.leg = wanted_leg
    and a.used_at is null and a.expires_at > now()
  returning a.*
$$;

-- Whose a hand-off link is, by the SHA-256 of its token (hex). Whether it may still be used is decided in its workspace.
create or replace function app.find_hand_off(wanted_token_hash text)
returns table (workspace_id uuid, hand_off_id uuid)
language sql stable security definer set search_path = ''
as $$
  select h.workspace_id, h.id from public.hand_offs h where h.token_hash = wanted_token_hash
$$;

-- The sign-in that this browser brought back last with a hand-off link.
create or replace function app.find_handed_off_proof(wanted_browser_hash text)
returns table (workspace_id uuid, consent_attempt_id uuid)
language sql stable security definer set search_path = ''
as $$
  select a.workspace_id, a.id
  from public.consent_attempts a
  where a.browser_hash = wanted_browser_hash and a.hand_off_id is not null
    and a.leg = 'proof' and a.used_at > now() - interval '1 hour'
  order by a.created_at desc
  limit 1
$$;

-- Seconds until a visitor may try again; null = now. `spend` takes one of `capacity` tries, refilled evenly over
-- `seconds`. Visitors whose buckets are full again are forgotten.
create or replace function app.take_visitor_token(wanted text, capacity double precision, seconds double precision, spend boolean)
returns double precision
language plpgsql volatile security definer set search_path = ''
as $$
declare
  rate double precision := capacity / seconds;
  filled double precision;
begin
  select least(capacity, b.tokens + greatest(0, extract(epoch from clock_timestamp() - b.refilled_at)) * rate)
    into filled
  from public.visitor_buckets b where b.visitor = wanted;
  filled := coalesce(filled, capacity);
  if filled < 1 then
    return ceil((1 - filled) / rate);
  end if;
  if spend then
    delete from public.visitor_buckets b
    where b.visitor in (
      select old.visitor from public.visitor_buckets old
      where old.refilled_at < clock_timestamp() - make_interval(secs => seconds) and old.visitor <> wanted
      for update skip locked
    );
    insert into public.visitor_buckets as b (visitor, tokens, refilled_at)
    values (wanted, capacity - 1, clock_timestamp())
    on conflict (visitor) do update
      set tokens = least(capacity, b.tokens + greatest(0, extract(epoch from clock_timestamp() - b.refilled_at)) * rate) - 1,
          refilled_at = clock_timestamp();
  end if;
  return null;
end
$$;
