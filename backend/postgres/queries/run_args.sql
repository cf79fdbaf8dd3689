-- The arguments that a run got of its own, where it was made by hand with others than its job's.
select args_json from {{.From}} where run_id = @id
