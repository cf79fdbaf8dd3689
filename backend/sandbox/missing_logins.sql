-- The two logins of a sandbox. The viewer's sessions can't write even by mistake; that it has no right to either is in
-- viewer.sql.
do $$
begin
    if not exists (select from pg_roles where rolname = 'scheduler') then
        create role scheduler login;
    end if;
    if not exists (select from pg_roles where rolname = 'opsdeck_viewer') then
        create role opsdeck_viewer login;
        alter role opsdeck_viewer set default_transaction_read_only = on;
    end if;
end
$$;
