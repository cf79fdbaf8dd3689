-- What sandboxes had before there was a gate: a login that could read every table, and a policy that hid secrets from it.
do $$
begin
    if exists (select from pg_policies where tablename = 'scheduler_settings' and policyname = 'viewer_sees_no_secrets') then
        drop policy viewer_sees_no_secrets on scheduler_settings;
        alter table scheduler_settings disable row level security;
    end if;
    if exists (select from pg_roles where rolname = 'opsdeck_viewer') then
        drop owned by opsdeck_viewer;
        drop role opsdeck_viewer;
    end if;
end
$$;
