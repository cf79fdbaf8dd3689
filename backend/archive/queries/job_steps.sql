-- How long the runs of each job took, in the whole archive, by the steps of a histogram.
select job_id, bucket, runs from job_histogram
