-- How long the runs of whole half hours took, and how late they started.
select kind, bucket, sum(runs) from span_histogram where start >= @from and start < @before group by kind, bucket order by kind, bucket
