-- The creation time and the id of the run at a place of the list.
select created_at, id from run where n = @n
