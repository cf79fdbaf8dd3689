-- Who may operate, with what their login is a member of and what Django says of their user. A mapping whose login or user is
-- gone shows as such: it gives nothing.
select o.login, o.username, o.created_at, coalesce(r.rolcanlogin, false) as can_login, coalesce(u.is_active, false) as active,
    u.id is not null as known,
    case when r.oid is null then '' when pg_has_role(r.oid, {{text .Names.Admin}}, 'member') then 'ops_admin'
        when pg_has_role(r.oid, {{text .Names.Operator}}, 'member') then 'ops_operator'
        when pg_has_role(r.oid, {{text .Names.View}}, 'member') then 'ops_view' else '' end as right_by_login
from opsdeck.operator o
left join pg_catalog.pg_roles r on r.rolname = o.login
left join {{.Schema}}.auth_user u on u.username = o.username
order by o.login
