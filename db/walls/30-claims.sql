-- Which workspace owns a (tenant, source) of this installation. The functions act for the workspace of the transaction
-- only, and tell nothing about other workspaces but "taken"; a move tells the worker whom it was taken from.

create or replace function app.claim_tenant(claiming_workspace uuid, claiming_connection uuid, claimed_tenant uuid, claimed_source text)
returns boolean
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if claiming_workspace is distinct from nullif(current_setting('app.workspace_id', true), '')::uuid then
    raise exception 'claim_tenant outside its workspace' using errcode = 'insufficient_privilege';
  end if;
  insert into public.tenant_claims as held (tenant_id, source, workspace_id, connection_id)
  values (claimed_tenant, claimed_source, claiming_workspace, claiming_connection)
  on conflict (tenant_id, source) do update
    set connection_id = excluded.connection_id, claimed_at = now()
    where held.workspace_id = excluded.workspace_id
      and (held.connection_id = excluded.connection_id or exists (
        select from public.connections c
        where c.workspace_id = held.workspace_id and c.id = held.connection_id and c.status = 'disconnected'
      ));
  return found;
end
$$;

create or replace function app.release_claim(releasing_workspace uuid, releasing_connection uuid)
returns void
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if releasing_workspace is distinct from nullif(current_setting('app.workspace_id', true), '')::uuid then
    raise exception 'release_claim outside its workspace' using errcode = 'insufficient_privilege';
  end if;
  delete from public.tenant_claims
  where workspace_id = releasing_workspace and connection_id = releasing_connection;
end
$$;

-- Moves the claim another workspace holds to the connection of a proof: an administrator of the tenant signed in
-- (outcome `proven`), in a session of this workspace and not through a hand-off link, and confirmed the move within ten
-- minutes of that sign-in. No row when one of that is missing or nobody else holds the claim. The connection that loses
-- it stays locked: the caller ends it in this transaction.
create or replace function app.move_claim(claiming_workspace uuid, claiming_connection uuid, proof uuid)
returns table (left_workspace uuid, left_connection uuid)
language plpgsql volatile security definer set search_path = ''
as $$
declare
  proven record;
  held record;
begin
  if claiming_workspace is distinct from nullif(current_setting('app.workspace_id', true), '')::uuid then
    raise exception 'move_claim outside its workspace' using errcode = 'insufficient_privilege';
  end if;
  select a.expected_tenant_id as tenant_id, c.source into proven
  from public.consent_attempts a
  join public.connections c on c.workspace_id = a.workspace_id and c.id = a.connection_id
  where a.workspace_id = claiming_workspace and a.id = proof and a.connection_id = claiming_connection
    and a.leg = 'proof' and a.outcome = 'proven' and a.session_id is not null and a.hand_off_id is null
    and a.move_confirmed_at <= a.used_at + interval '10 minutes'
    and a.move_confirmed_at > now() - interval '10 minutes'
    and c.status <> 'disconnected';
  if not found then return; end if;
  select t.workspace_id, t.connection_id into held
  from public.tenant_claims t
  where t.tenant_id = proven.tenant_id and t.source = proven.source and t.workspace_id <> claiming_workspace;
  if not found then return; end if;
  -- All connections of the tenant in one order, and before the claim: as disconnecting locks them.
  perform from public.connections c
  where c.workspace_id = held.workspace_id and c.status <> 'disconnected'
    and (c.tenant_id = proven.tenant_id or c.id = held.connection_id)
  order by c.id for update;
  update public.tenant_claims t
  set workspace_id = claiming_workspace, connection_id = claiming_connection, claimed_at = now()
  where t.tenant_id = proven.tenant_id and t.source = proven.source
    and t.workspace_id = held.workspace_id and t.connection_id = held.connection_id;
  if not found then return; end if;
  left_workspace := held.workspace_id;
  left_connection := held.connection_id;
  return next;
end
$$;
