-- What was recorded up to a moment, from the newest frame on: the newest sample of each thing stands.
select at, kind, key, body from sample
where n >= coalesce((select max(n) from sample where kind = 'frame' and at <= @at), 1) and at <= @at
order by n limit @page
