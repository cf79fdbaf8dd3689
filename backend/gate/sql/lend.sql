-- Whoever installs acts as the owners until leave.sql takes it back, in the same transaction. Of a superuser this
-- asks nothing, and gives it nothing.
do $$
begin
    if not (select rolsuper from pg_catalog.pg_roles where rolname = current_user) then
        execute format('grant %I, %I to %I', {{text .Names.Owner}}, {{text .Names.Audit}}, current_user);
    end if;
end
$$;
