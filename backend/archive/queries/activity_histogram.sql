-- How long the runs of whole half hours or days took, and how late they started.
select kind, bucket, sum(runs) from {{if .Days}}day_histogram where day{{else}}span_histogram where start{{end}} >= @from
  and {{if .Days}}day{{else}}start{{end}} < @before group by kind, bucket order by kind, bucket
