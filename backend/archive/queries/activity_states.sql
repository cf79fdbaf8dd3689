-- How many runs of whole half hours or days are in each state, and how many are late.
select {{if .Days}}day{{else}}start{{end}}, state, runs, late from {{if .Days}}day_state where day{{else}}span_state where start{{end}} >= @from
  and {{if .Days}}day{{else}}start{{end}} < @before
