-- The schedulers' login. Operators' logins are made with the gate.
do $$
begin
    if not exists (select from pg_roles where rolname = 'scheduler') then
        create role scheduler login;
    end if;
end
$$;
