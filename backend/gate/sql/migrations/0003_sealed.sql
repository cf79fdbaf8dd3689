-- How far each chain is sealed, so that a seal need not look for it among all the seals before.
set local role {{.Audit}};

create table opsdeck.sealed (
    login    text   not null,
    actor    text   not null,
    head_seq bigint not null,
    primary key (login, actor)
);
insert into opsdeck.sealed
select distinct on (h.login, h.actor) h.login, h.actor, h.head_seq from opsdeck.seal_head h order by h.login, h.actor, h.seal desc;

reset role;
