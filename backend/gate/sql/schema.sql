-- The schema, and that nothing made in it later is anybody's by default.
create schema if not exists opsdeck authorization {{.Owner}};
comment on schema opsdeck is {{text .Mark}};
grant usage on schema opsdeck to {{.View}};
grant usage, create on schema opsdeck to {{.Audit}};
grant usage on schema {{.Schema}} to {{.View}}, {{.Owner}}, {{.Audit}};
set local role {{.Owner}};
alter default privileges revoke execute on functions from public;
reset role;
set local role {{.Audit}};
alter default privileges revoke execute on functions from public;
reset role;
