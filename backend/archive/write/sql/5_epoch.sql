-- Where the runs are that the leader of each epoch assigned.
insert into epoch (epoch, first_n, last_n, first_assigned)
select leader_epoch, min(n), max(n), min(assigned_at) from run where leader_epoch is not null group by 1
