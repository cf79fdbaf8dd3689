-- What each action needs. Rows of older versions that are gone from here are gone from there.
set local role {{.Owner}};
delete from opsdeck.action;
insert into opsdeck.action (name, needs, journal) values
    ('job.create', 'ops_admin', false), ('job.update', 'ops_admin', false), ('job.enable', 'ops_admin', false),
    ('job.disable', 'ops_admin', false), ('job.duplicate', 'ops_admin', false), ('job.delete', 'ops_admin', false),
    ('job.run', 'ops_operator', false), ('job.reveal', 'ops_admin', false),
    ('job_run.rerun', 'ops_operator', false), ('job_run.reassign', 'ops_operator', false),
    ('job_run.reveal', 'ops_admin', false),
    ('job_run.cancel', 'ops_operator', true),           -- direct for waiting runs, a journal for running ones
    ('setting.set', 'ops_admin', false), ('setting.delete', 'ops_admin', false), ('setting.apply', 'ops_admin', false),
    ('event.ingest', 'ops_operator', false), ('event.reveal', 'ops_admin', false), ('audit.reveal', 'ops_admin', false),
    ('session.unlock', 'ops_operator', false),
    ('worker.detach', 'ops_operator', true), ('worker.undock', 'ops_operator', true), ('worker.drain', 'ops_operator', true),
    ('worker.undrain', 'ops_operator', true), ('worker.cancel_current', 'ops_operator', true),
    ('leader.degrade', 'ops_operator', true),
    ('bulk.cancel', 'ops_operator', true), ('bulk.reassign', 'ops_operator', true), ('bulk.rerun', 'ops_operator', true),
    ('environment.promote', 'ops_admin', true),         -- its parts change jobs and settings
    -- Whoever may read may write down that something was brought elsewhere: it changes nothing here.
    ('environment.promote_from', 'ops_view', true);
reset role;
