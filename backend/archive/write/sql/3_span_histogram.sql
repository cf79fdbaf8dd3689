-- How long the runs of each half hour took that ended by themselves, and how late they started, in steps of five percent.
insert into span_histogram (start, kind, bucket, runs)
select start, kind, case when value < 1000 then 0 else 1 + cast(ln(value / 1000.0) / ln(1.05) as integer) end as bucket, count(*)
from (
  select r.created_at - ((r.created_at % 1800000000) + 1800000000) % 1800000000 as start, k.kind,
    case k.kind
      when 0 then case when s.ended and r.finished_at >= r.started_at then r.finished_at - r.started_at end
      else max(r.started_at - r.scheduled_for, 0)
    end as value
  from run r
  join (select id, text in ('SUCCEEDED', 'FAILED', 'TIMED_OUT') as ended from word) s on s.id = r.state
  cross join (select 0 as kind union all select 1) k
)
where value is not null
group by 1, 2, 3
