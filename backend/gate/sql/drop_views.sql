-- Takes the masking views away. While they are there, PostgreSQL lets nobody alter or drop the columns that they read.
set local role {{.Owner}};
drop view if exists opsdeck.scheduler_job_definitions, opsdeck.scheduler_events, opsdeck.scheduler_admin_action_logs,
    opsdeck.scheduler_settings, opsdeck.scheduler_setting_help, opsdeck.scheduler_config_reload_requests;
drop view if exists opsdeck.job_definition, opsdeck.event, opsdeck.audit, opsdeck.setting, opsdeck.setting_help, opsdeck.reload_request,
    opsdeck.run_args;
reset role;
