-- Takes away what would keep Django from migrating its tables, and has the next install make it anew.
{{template "drop_views.sql" .}}
set local role {{.Owner}};
update opsdeck.installation set definitions = '';
reset role;
