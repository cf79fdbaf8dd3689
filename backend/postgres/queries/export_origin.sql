-- Which server and database this is. The server's own identifier is not everybody's to read.
select current_database()::text as database, session_user::text as login, current_setting('server_version') as server, now() as now,
  case when has_function_privilege('pg_control_system()', 'execute') then (select system_identifier::text from pg_control_system()) else '' end as system,
  case when to_regclass('django_migrations') is not null and has_table_privilege(to_regclass('django_migrations'), 'select') then 'django' else '' end as migrations
