-- Whom the server takes us for, and whether that login could write.
select session_user::text as login, current_database()::text as database,
  not (has_table_privilege('scheduler_job_runs', 'insert, update, delete, truncate')
    or has_table_privilege('scheduler_job_definitions', 'insert, update, delete, truncate')) as read_only
