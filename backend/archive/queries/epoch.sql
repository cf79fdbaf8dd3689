-- Where the runs are that the leader of an epoch assigned.
select first_n, last_n from epoch where epoch = @epoch
