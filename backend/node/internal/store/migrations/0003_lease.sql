-- How long after a doubt the worker of an attempt may let it run on: it was told when the attempt began, and a setting
-- that is changed meanwhile must not give the run to another before that.
alter table opsdeck_node.run_attempt add column grace interval not null default '0';
