-- Who is calling, and what they may do: what their login is a member of AND what Django gives the user that it is mapped
-- to. session_user can't be changed by SET ROLE, nor by being inside of a function. A superuser flag in Django gives
-- nothing: the permission itself is asked for.
set local role {{.Owner}};

create or replace function opsdeck._rank(needs text) returns integer
language sql immutable set search_path = pg_catalog, pg_temp as $$
    select case needs when 'ops_view' then 1 when 'ops_operator' then 2 when 'ops_admin' then 3 end
$$;

create or replace function opsdeck._rights(out username text, out mapped boolean, out active boolean, out level integer)
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
    person integer;
    by_login constant integer := case
        when pg_has_role(session_user, {{text .Names.Admin}}, 'usage') then 3
        when pg_has_role(session_user, {{text .Names.Operator}}, 'usage') then 2
        when pg_has_role(session_user, {{text .Names.View}}, 'usage') then 1
        else 0 end;
begin
    select u.username, u.id, u.is_active into username, person, active
    from opsdeck.operator o join {{.Schema}}.auth_user u on u.username = o.username
    where o.login = session_user;
    mapped := person is not null;
    active := coalesce(active, false);
    level := 0;
    if active then
        select least(by_login, coalesce(max(opsdeck._rank(g.gives)), 0)) into level
        from (
            select p.codename::text as gives
            from {{.Schema}}.auth_permission p
            join {{.Schema}}.django_content_type c on c.id = p.content_type_id
            where c.app_label = {{text .AppLabel}} and p.codename in ('ops_view', 'ops_operator', 'ops_admin')
              and (exists (select from {{.Schema}}.auth_user_user_permissions up where up.user_id = person and up.permission_id = p.id)
                or exists (select from {{.Schema}}.auth_user_groups ug
                    join {{.Schema}}.auth_group_permissions gp on gp.group_id = ug.group_id
                    where ug.user_id = person and gp.permission_id = p.id))
            union all
            select r.gives
            from {{.Schema}}.auth_user_groups ug
            join {{.Schema}}.auth_group g on g.id = ug.group_id
            join opsdeck.group_right r on r.group_name = g.name
            where ug.user_id = person
        ) g;
    end if;
    username := coalesce(username, '');
end
$$;

-- What the header of the console shows.
create or replace function opsdeck.whoami(out login text, out username text, out mapped boolean, out active boolean,
    out ops_view boolean, out ops_operator boolean, out ops_admin boolean)
language sql stable security definer set search_path = pg_catalog, pg_temp as $$
    select session_user::text, r.username, r.mapped, r.active, r.level >= 1, r.level >= 2, r.level >= 3 from opsdeck._rights() r
$$;
reset role;
