{{/* Which entries match, apart from their time. A null filter matches every entry; custom plans drop it. */ -}}
      (@actor::text is null or a.actor = @actor)
  and (@actions::text[] is null or a.action = any(@actions))
  and (@target::text is null or a.target = @target)
  and (@text::text is null or a.actor ilike @text or a.action ilike @text or a.target ilike @text
       or a.payload_json::text ilike @text)
