-- What the gate keeps: who may do what, and what was done.
set local role {{.Owner}};

-- What every operation returns, and what it carries from its first step to its last.
create type opsdeck.outcome as (result text, reason text, detail jsonb, audit_id bigint);
create type opsdeck.call as (operation uuid, action text, target text, actor text, reason text, note jsonb, epoch bigint,
    kept boolean, answer opsdeck.outcome);

create table opsdeck.installation (
    only_row        boolean     primary key default true check (only_row),
    version         integer     not null,
    prefix          text        not null,
    app_label       text        not null,
    tables_schema   text        not null,
    scheduler_login text        not null,
    installed_at    timestamptz not null default now(),
    upgraded_at     timestamptz not null default now(),
    installed_by    text        not null default session_user,
    definitions     text        not null default '',    -- digest of what is re-made at an upgrade
    indexes         boolean     not null default false,
    hardened        boolean     not null default false,
    hardening       jsonb       not null default '[]'   -- what --harden changed, so that uninstall can give it back
);

create table opsdeck.action (
    name    text    primary key,
    needs   text    not null check (needs in ('ops_view', 'ops_operator', 'ops_admin')),
    journal boolean not null default false              -- it leaves PostgreSQL: begun and finished
);

-- One login a person and database, and the Django user that it is.
create table opsdeck.operator (
    login      text        primary key,
    username   text        not null,
    created_at timestamptz not null default now(),
    created_by text        not null default session_user
);

-- The Django application's own groups, and which right each gives.
create table opsdeck.group_right (
    group_name text primary key,
    gives      text not null check (gives in ('ops_view', 'ops_operator', 'ops_admin'))
);

-- Every call, by the id that its caller chose.
create table opsdeck.operation (
    id              uuid        primary key,
    login           text        not null default session_user,
    actor           text        not null,
    action          text        not null,
    target          text        not null,
    content         bytea       not null,               -- sha256 over action and arguments
    reason          text        not null,
    note            jsonb,
    epoch           bigint,
    detail          jsonb,
    state           text        not null check (state in ('direct', 'open', 'unknown', 'closed')),
    outcome         opsdeck.outcome,
    begun_at        timestamptz not null default clock_timestamp(),
    finished_at     timestamptz,
    finished_by     text,
    finish_result   text,
    finish_audit_id bigint,
    observed        jsonb
);
create index operation_open on opsdeck.operation (begun_at) where state in ('open', 'unknown');

-- What an open operation wrote in this database, so that a repeated call writes nothing twice.
create table opsdeck.operation_effect (
    operation uuid  not null references opsdeck.operation (id),
    name      text  not null,
    target    text  not null,
    outcome   opsdeck.outcome not null,
    primary key (operation, name, target)
);

-- Its one row is locked by whoever ingests an event, so that two with the same key don't both find none.
create table opsdeck.event_turn (only_row boolean primary key default true check (only_row));
insert into opsdeck.event_turn default values;

reset role;
