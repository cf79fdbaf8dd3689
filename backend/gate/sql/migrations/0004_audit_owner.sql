-- Whose the audit table was, and who else had rights on it, so that it can be given back as it was. Of an installation that is
-- older than these columns nobody knows: there it goes to the schedulers' login.
set local role {{.Audit}};

alter table opsdeck.audit_taken add column owner_before text, add column rights_before jsonb not null default '[]';

reset role;
