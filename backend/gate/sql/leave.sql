-- Ends what roles.sql lent to the installing login. PostgreSQL 16 keeps the login that made a role as its
-- administrator; that one membership can't be taken back, it neither inherits nor may it SET ROLE.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('revoke %I, %I from %I', {{text .Names.Owner}}, {{text .Names.Audit}}, current_user);
    end if;
end
$$;
