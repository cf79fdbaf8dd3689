-- What the sandbox's viewer may read: everything but password hashes, browser sessions and secret settings. It may write
-- nothing. May be repeated.

revoke temporary on database scheduler from public;
revoke create on schema public from public;

grant usage on schema public, opsdeck_node to opsdeck_viewer;
grant select on all tables in schema public, opsdeck_node to opsdeck_viewer;
alter default privileges for role scheduler in schema opsdeck_node grant select on tables to opsdeck_viewer;

revoke select on auth_user, django_session from opsdeck_viewer;
grant select (id, last_login, is_superuser, username, first_name, last_name, email, is_staff, is_active, date_joined)
    on auth_user to opsdeck_viewer;

-- The owner is not bound by row security, so schedulers see every row as before.
alter table scheduler_settings enable row level security;
drop policy if exists viewer_sees_no_secrets on scheduler_settings;
create policy viewer_sees_no_secrets on scheduler_settings for select to opsdeck_viewer using (
    key !~ 'SECRET|TOKEN|PASSWORD|ACCESS_KEY|WEBHOOK_URL|_REDIS_URL$'
    and not exists (select from scheduler_setting_help as h where h.key = scheduler_settings.key and h.is_secret)
);
