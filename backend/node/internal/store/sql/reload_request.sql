-- The oldest request to reload the settings.
select id, requested_by from scheduler_config_reload_requests where status = 'PENDING' order by requested_at, id limit 1;
