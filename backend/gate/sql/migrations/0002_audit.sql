-- The audit trail's chains and seals. They belong to the audit owner: what the functions' owner may write, it can't
-- rewrite.
set local role {{.Audit}};

-- One chain a writer: who the server says it is, and who the row says it is. Django's login chooses its actor freely, so
-- it must be able neither to write on an operator's chain nor to hold it up.
create table opsdeck.audit_head (
    login  text   not null,
    actor  text   not null,
    seq    bigint not null,
    digest bytea  not null,
    primary key (login, actor)
) with (fillfactor = 50);

create table opsdeck.audit_chain (
    audit_id bigint  primary key,
    login    text    not null,
    actor    text    not null,
    seq      bigint  not null,
    by_gate  boolean not null,
    digest   bytea   not null,
    unique (login, actor, seq)
);

-- A seal says how far every chain was at one moment. Only chains that went on since the seal before are in it.
create table opsdeck.seals (
    seq       bigint      primary key,
    sealed_at timestamptz not null,
    sealed_by text        not null,
    heads     integer     not null,                     -- chains that went on
    digest    bytea       not null
);

create table opsdeck.seal_head (
    seal     bigint not null references opsdeck.seals (seq),
    login    text   not null,
    actor    text   not null,
    head_seq bigint not null,
    digest   bytea  not null,
    primary key (login, actor, seal)
);
create index seal_head_of on opsdeck.seal_head (seal);

-- Whether the trail is ours now. Rows that were there before are chained after the fact, without holding up anybody;
-- before_id is the last of them.
create table opsdeck.audit_taken (
    only_row  boolean     primary key default true check (only_row),
    taken     boolean     not null default false,
    taken_at  timestamptz,
    before_id bigint      not null default 0,
    chained   boolean     not null default true         -- the rows up to before_id have been
);
insert into opsdeck.audit_taken default values;

reset role;
