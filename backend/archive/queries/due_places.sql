-- The places of the half hours that have runs due in a window.
select coalesce(min(first_n), 1), coalesce(max(last_n), 0) from span where last_due >= @from and first_due < @to
