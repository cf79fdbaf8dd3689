-- The arguments of those runs that have their own.
select run_id, args_json from {{.From}} where run_id = any(@ids::bigint[]) order by run_id
