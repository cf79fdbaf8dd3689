{{/* Which events match. A null filter matches every event; custom plans drop it. */ -}}
      (@event_type::text is null or e.event_type = @event_type)
  and (@dedupe_key::text is null or e.dedupe_key = @dedupe_key)
  and (@processed::boolean is null or (e.processed_at is not null) = @processed)
  and (@unprocessed::boolean is null or e.processed_at is null)
  and (@from::timestamptz is null or e.created_at >= @from)
  and (@before::timestamptz is null or e.created_at < @before)
  and (@text::text is null or e.event_type ilike @text or e.dedupe_key ilike @text or e.payload_json::text ilike @text)
