{{/* The time range that is looked at. Null has no end, which also lets an infinite creation time in. */ -}}
      (@created_from::timestamptz is null or r.created_at >= @created_from)
  and (@created_before::timestamptz is null or r.created_at < @created_before)
