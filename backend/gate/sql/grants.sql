-- Who may what. It is repeated at every install: tables that have come since get their rights.
grant select on {{.Schema}}.scheduler_job_definitions, {{.Schema}}.scheduler_job_runs, {{.Schema}}.scheduler_events, {{.Schema}}.scheduler_settings,
    {{.Schema}}.scheduler_setting_help, {{.Schema}}.scheduler_config_reload_requests, {{.Schema}}.scheduler_admin_action_logs,
    {{.Schema}}.auth_group, {{.Schema}}.auth_user_groups, {{.Schema}}.auth_user_user_permissions, {{.Schema}}.auth_permission,
    {{.Schema}}.auth_group_permissions, {{.Schema}}.django_content_type to {{.Owner}};
grant select (id, username, is_active) on {{.Schema}}.auth_user to {{.Owner}}, {{.View}};
grant delete, insert (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds,
        concurrency_policy, created_at, updated_at),
    update (name, enabled, type, command_name, default_args_json, schedule, timeout_seconds, max_retries, retry_backoff_seconds,
        concurrency_policy, updated_at)
    on {{.Schema}}.scheduler_job_definitions to {{.Owner}};
grant delete, insert (job_definition_id, scheduled_for, state, idempotency_key, assigned_worker_id, attempt, version, error_summary, log_ref,
        continuation_state, created_at, updated_at),
    update (state, assigned_worker_id, assigned_at, started_at, finished_at, exit_code, attempt, version, error_summary, continuation_state,
        continuation_check_started_at, continuation_check_deadline_at, updated_at)
    on {{.Schema}}.scheduler_job_runs to {{.Owner}};
grant insert (event_type, payload_json, dedupe_key, created_at, processed_at) on {{.Schema}}.scheduler_events to {{.Owner}};
grant delete, insert (key, value_json, updated_at), update (value_json, updated_at) on {{.Schema}}.scheduler_settings to {{.Owner}};
grant insert (requested_by, requested_at, status, applied_at, leader_worker_id, leader_epoch, result_json)
    on {{.Schema}}.scheduler_config_reload_requests to {{.Owner}};
grant insert (actor, action, target, payload_json, created_at) on {{.Schema}}.scheduler_admin_action_logs to {{.Owner}};

-- Operators read plain what holds no secrets, and no hash of a password.
grant select on {{.Schema}}.scheduler_job_runs to {{.View}};
grant select (id, name, enabled, type, command_name, schedule, timeout_seconds, max_retries, retry_backoff_seconds, concurrency_policy,
    created_at, updated_at) on {{.Schema}}.scheduler_job_definitions to {{.View}};

-- What is there only in some installations: ids from sequences, as Django up to 4.0 made them, and our node's tables.
do $$
declare
    name text;
    serial text;
begin
    foreach name in array array['scheduler_job_definitions', 'scheduler_job_runs', 'scheduler_events', 'scheduler_settings',
        'scheduler_config_reload_requests', 'scheduler_admin_action_logs'] loop
        serial := pg_get_serial_sequence({{text .Schema}} || '.' || name, 'id');
        if serial is not null then
            execute format('grant usage on sequence %s to %I', serial, {{text .Names.Owner}});
        end if;
    end loop;
    if to_regnamespace('opsdeck_node') is not null then
        execute format('grant usage on schema opsdeck_node to %I, %I', {{text .Names.View}}, {{text .Names.Owner}});
        for name in select c.relname from pg_class c where c.relnamespace = to_regnamespace('opsdeck_node') and c.relkind in ('r', 'p') loop
            if name = 'run_args' then
                execute format('grant select, insert on opsdeck_node.run_args to %I', {{text .Names.Owner}});
                if to_regclass('opsdeck.run_args') is null then
                    execute format('set local role %I', {{text .Names.Owner}});
                    create view opsdeck.run_args as
                        select a.run_id, opsdeck.masked(a.args_json) as args_json, opsdeck.masked(a.args_json) is distinct from a.args_json as args_masked
                        from opsdeck_node.run_args a;
                    reset role;
                end if;
            else
                execute format('grant select on opsdeck_node.%I to %I', name, {{text .Names.View}});
            end if;
        end loop;
        if to_regclass('opsdeck_node.run_attempt') is not null then
            execute format('grant select, update (ended_at, outcome, note) on opsdeck_node.run_attempt to %I', {{text .Names.Owner}});
        end if;
    end if;
end
$$;

-- The gate itself. Functions whose names begin with an underscore are its own steps and are nobody's.
revoke all on all functions in schema opsdeck from public;
revoke all on all tables in schema opsdeck from public;
do $$
declare
    f record;
begin
    for f in select p.oid::regprocedure as signature, p.proname like '\_%' as own from pg_proc p where p.pronamespace = 'opsdeck'::regnamespace loop
        if f.own then
            execute format('revoke all on function %s from %I', f.signature, {{text .Names.View}});
        else
            execute format('grant execute on function %s to %I', f.signature, {{text .Names.View}});
        end if;
    end loop;
    for f in select c.oid::regclass as view from pg_class c where c.relnamespace = 'opsdeck'::regnamespace and c.relkind = 'v' loop
        execute format('grant select on %s to %I', f.view, {{text .Names.View}});
    end loop;
end
$$;
grant select on opsdeck.installation, opsdeck.action, opsdeck.seals, opsdeck.audit_taken to {{.View}};
grant select on opsdeck.installation to {{.Audit}};
grant select on opsdeck.audit_chain to {{.Owner}};

-- Whoever installs keeps the list of operators, also without being a superuser.
do $$
begin
    if (select rolsuper from pg_roles where rolname = current_user) then
        return;
    end if;
    execute format('grant select, insert, update, delete on opsdeck.operator, opsdeck.group_right to %I', current_user);
    execute format('grant usage on schema opsdeck to %I', current_user);
    execute format('grant insert (actor, action, target, payload_json, created_at) on {{.AuditTable}} to %I', current_user);
    execute format('grant select on opsdeck.installation, opsdeck.operation, opsdeck.seals, opsdeck.audit_taken to %I', current_user);
    execute format('grant select, delete on opsdeck.operation, opsdeck.operation_effect to %I', current_user);
    execute format('grant update (indexes, hardened, hardening) on opsdeck.installation to %I', current_user);
    execute format('grant execute on function opsdeck.audit_verify(bigint, bytea), opsdeck.seal() to %I', current_user);
end
$$;
