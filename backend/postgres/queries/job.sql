-- One job with its arguments: through the gate's view, which hides secrets, where there is one.
select {{template "job_columns.sql"}}, d.default_args_json, {{.Masked}} as args_masked
from {{.From}} d
where d.id = @id
