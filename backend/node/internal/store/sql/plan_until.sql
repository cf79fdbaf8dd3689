-- Notes for which minute runs have been made: once a minute, although it is asked with every tick.
update opsdeck_node.planned set until = @until where until is distinct from @until;
