-- The settings a leader obeys, as far as somebody has set them.
select key, value_json from scheduler_settings where key = any(@keys::text[]);
