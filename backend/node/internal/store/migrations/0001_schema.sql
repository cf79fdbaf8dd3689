-- What the node keeps beside the scheduler's own tables. No foreign key leads there: a scheduler in the field deletes
-- runs in its own order, and must be able to.

-- The output of a run while it runs and for as long as logs are kept in the database. seq counts from 1.
create table opsdeck_node.run_log (
    run_id  bigint      not null,
    attempt integer     not null,
    seq     bigint      not null,
    at      timestamptz not null,
    stream  text        not null check (stream in ('stdout', 'stderr')),
    chunk   bytea       not null,
    primary key (run_id, attempt, seq)
);

-- Every try at a run. Orphaning clears the run's own columns; this is what is left of the lost attempt.
-- outcome is '' while it runs, then the state that ended it.
create table opsdeck_node.run_attempt (
    run_id       bigint      not null,
    attempt      integer     not null,
    worker_id    text        not null,
    leader_epoch bigint      not null,
    started_at   timestamptz not null,
    ended_at     timestamptz,
    outcome      text        not null default '',
    exit_code    integer,
    note         text        not null default '',
    primary key (run_id, attempt)
);

-- Who led when.
create table opsdeck_node.term (
    epoch     bigint      primary key,
    worker_id text        not null,
    since     timestamptz not null
);

-- The one row that every write of a leader locks FOR SHARE and compares with its own epoch.
create table opsdeck_node.term_current (
    only_row  boolean     primary key default true check (only_row),
    epoch     bigint      not null,
    worker_id text        not null,
    since     timestamptz not null
);
insert into opsdeck_node.term_current (epoch, worker_id, since) values (0, '', now());
