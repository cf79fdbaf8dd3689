-- The place of the newest entry.
select coalesce(max(n), 0) from audit
