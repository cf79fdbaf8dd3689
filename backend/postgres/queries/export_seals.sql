-- The seals of a span of time, and the newest before it.
select seq, sealed_at, sealed_by, digest from opsdeck.seals
where sealed_at < @before::timestamptz
  and seq >= coalesce((select max(seq) from opsdeck.seals where sealed_at < @from::timestamptz), 0)
order by seq
