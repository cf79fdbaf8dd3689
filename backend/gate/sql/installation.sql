-- What is installed now.
set local role {{.Owner}};
insert into opsdeck.installation as i (version, prefix, app_label, tables_schema, scheduler_login, definitions)
values ({{.Version}}, {{text .Prefix}}, {{text .AppLabel}}, {{text .SchemaName}}, {{text .LoginName}}, {{text .Definitions}})
on conflict (only_row) do update set version = excluded.version, definitions = excluded.definitions, upgraded_at = now()
where i.version <> excluded.version or i.definitions <> excluded.definitions;
{{range .Groups}}insert into opsdeck.group_right (group_name, gives) values ({{text .Name}}, {{text .Gives}}) on conflict do nothing;
{{end}}reset role;
