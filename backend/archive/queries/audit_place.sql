-- The creation time and the id of the entry at a place of the list; the last place for a place behind it.
select created_at, id from audit where n = @n
