-- What operators may read of tables that hold secrets, with the columns' own names. drop_views.sql goes before: a view's
-- columns can't be replaced by others.
--
-- They hide values and no rows, so they need not be security barriers: whatever function a reader puts into a condition
-- is given the masked value, there is no other. A barrier would have each page of a list mask and sort the whole table.
set local role {{.Owner}};

create view opsdeck.job_definition as
select d.id, d.name, d.enabled, d.type, d.command_name, m.args as default_args_json, d.schedule, d.timeout_seconds, d.max_retries,
    d.retry_backoff_seconds, d.concurrency_policy, d.created_at, d.updated_at, m.args is distinct from d.default_args_json as args_masked
from {{.Schema}}.scheduler_job_definitions d, lateral (select opsdeck.masked(d.default_args_json) as args) m;

create view opsdeck.event as
select e.id, e.event_type, m.payload as payload_json, e.dedupe_key, e.created_at, e.processed_at, m.payload is distinct from e.payload_json as payload_masked
from {{.Schema}}.scheduler_events e, lateral (select opsdeck.masked(e.payload_json) as payload) m;

create view opsdeck.setting as
select s.id, s.key, m.value, m.value as value_json, x.is_secret, s.updated_at
from {{.Schema}}.scheduler_settings s, lateral (
    select opsdeck.setting_value(s.value_json) as value, opsdeck.secret_name(s.key)
        or exists (select from {{.Schema}}.scheduler_setting_help h where h.key = s.key and h.is_secret) as is_secret) x,
    lateral (select case when x.is_secret and x.value not in ('""', 'null') then '"<masked>"' else opsdeck.masked(x.value) end as value) m;

create view opsdeck.setting_help as
select h.id, h.key, h.title, h.description, h.impact, h.editable, h.input_type, h.enum_values_json, h.constraints_json, h.examples_json,
    h.is_secret, h.updated_at
from {{.Schema}}.scheduler_setting_help h;

create view opsdeck.reload_request as
select q.id, q.requested_by, q.requested_at, q.status, q.applied_at, q.leader_worker_id, q.leader_epoch, q.result_json
from {{.Schema}}.scheduler_config_reload_requests q;

-- Django writes a secret setting's new value in clear where only its help says that it is secret. The digest is shown only where
-- nothing is masked: with it, somebody could try out what a short secret is.
create view opsdeck.audit as
select a.id, a.actor, a.action, a.target, m.payload as payload_json, a.created_at,
    case when c.by_gate then 'gate' else coalesce(nullif(c.login, ''), 'before') end as written_by, c.login, c.seq as chain_seq, c.by_gate,
    case when m.payload is not distinct from a.payload_json then c.digest end as chain_digest
from {{.Schema}}.scheduler_admin_action_logs a
left join opsdeck.audit_chain c on c.audit_id = a.id,
    lateral (select case when a.action = 'setting.set' and a.payload_json ? 'value' and (opsdeck.secret_name(a.target)
            or exists (select from {{.Schema}}.scheduler_setting_help h where h.key = a.target and h.is_secret))
        then opsdeck.masked(a.payload_json) || '{"value": "<masked>"}' else opsdeck.masked(a.payload_json) end as payload) m;

-- The same under the tables' own names: with opsdeck in front of its search path a session can ask what it asks of a
-- database without the gate.
create view opsdeck.scheduler_job_definitions as table opsdeck.job_definition;
create view opsdeck.scheduler_events as table opsdeck.event;
create view opsdeck.scheduler_admin_action_logs as table opsdeck.audit;
create view opsdeck.scheduler_settings as table opsdeck.setting;
create view opsdeck.scheduler_setting_help as table opsdeck.setting_help;
create view opsdeck.scheduler_config_reload_requests as table opsdeck.reload_request;
reset role;
