-- How many documents of the logs may have a text, counted no further than a limit.
select count(*) from (select 1 from log_text where log_text match @log_match and rowid between @low_doc and @high_doc limit @page)
