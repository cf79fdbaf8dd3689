-- What the scheduler says of its settings. Opening its settings page writes these rows.
select key, title, description, impact, editable, input_type, enum_values_json as choices, constraints_json as constraints,
  examples_json as examples, is_secret
from {{.Help}}
order by key
