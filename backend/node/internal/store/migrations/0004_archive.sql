-- Where the log of an attempt is, once it has left the database, and which logs are still there.
alter table opsdeck_node.run_attempt
    add column log_ref      text    not null default '', -- '' = in run_log, or gone with its time
    add column log_kept     boolean not null default true,
    add column log_retry_at timestamptz;
create index run_attempt_log_kept on opsdeck_node.run_attempt (ended_at) where log_kept;
