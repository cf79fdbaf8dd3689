-- Lets a Django user look at the console: the Django application's own groups all give more.
insert into auth_user_user_permissions (user_id, permission_id)
select u.id, p.id
from auth_user u, auth_permission p join django_content_type c on c.id = p.content_type_id
where u.username = $1 and p.codename = 'ops_view' and c.app_label = 'opsdeck'
on conflict do nothing;
