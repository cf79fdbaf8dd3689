-- The three permissions, for Django's own pages to give to users and groups. An application that declares them itself is
-- left alone.
do $$
declare
    place integer;
begin
    if exists (select from {{.Schema}}.auth_permission p join {{.Schema}}.django_content_type c on c.id = p.content_type_id
        where c.app_label = {{text .AppLabel}} and p.codename = 'ops_view') then
        return;
    end if;
    select id into place from {{.Schema}}.django_content_type where app_label = {{text .AppLabel}} and model = 'console';
    if place is null then
        insert into {{.Schema}}.django_content_type (app_label, model) values ({{text .AppLabel}}, 'console') returning id into place;
    end if;
    insert into {{.Schema}}.auth_permission (name, content_type_id, codename)
    values ('Can look at the scheduler in Opsdeck', place, 'ops_view'), ('Can operate runs and workers in Opsdeck', place, 'ops_operator'),
        ('Can change jobs and settings in Opsdeck', place, 'ops_admin')
    on conflict do nothing;
end
$$;
