-- Which workspace owns a (tenant, source) of this installation. Both functions act for the workspace of the
-- transaction only, and tell nothing about other workspaces but "taken".

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
