-- The arguments that a run got of its own.
select args from run_args where run_id = @id
