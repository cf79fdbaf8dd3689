-- The last minute for which runs have been made, null before the first.
select until from opsdeck_node.planned;
