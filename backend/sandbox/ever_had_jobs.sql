-- Whether a job was ever made: deleting them all must not bring the made-up past back.
select is_called from scheduler_job_definitions_id_seq;
