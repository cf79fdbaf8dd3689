-- Every job with its arguments, by id: through the gate's view, which hides secrets, where there is one.
select {{template "job_columns.sql"}}, d.default_args_json, {{.Masked}} as args_masked
from {{.From}} d
order by d.id
