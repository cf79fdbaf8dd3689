-- The newest seal.
select seq, sealed_at, sealed_by, digest from seal where sealed_at <= @at order by seq desc limit 1
