-- What the scheduler says of its settings.
select key, title, description, impact, editable, input, choices, min, max, examples, secret from setting_help order by key limit @page
