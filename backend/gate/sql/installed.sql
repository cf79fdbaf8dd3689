-- The installation, as far as this login may see it.
select i.version, i.prefix, i.app_label, i.tables_schema, i.scheduler_login, i.definitions, i.indexes, i.hardened, i.hardening::text,
    t.taken as trail_taken, t.chained as trail_chained
from opsdeck.installation i, opsdeck.audit_taken t
