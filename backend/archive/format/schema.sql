-- Opsdeck archive, format 1. docs/archive-format.md explains it. Times are microseconds since 1970 in UTC, null = none.
-- Numbers called worker, state and so on are ids of words.

create table meta (
  key text primary key,
  value text not null
) strict, without rowid;

create table part (
  name text primary key,
  rows integer not null,
  digest blob not null        -- SHA-256 over the digests of its segments, in order
) strict, without rowid;

create table segment (
  part text not null,
  number integer not null,    -- from 0; each holds 10,000 rows but for the last
  rows integer not null,
  digest blob not null,       -- SHA-256 over the canonical rows
  primary key (part, number)
) strict, without rowid;

create table signature (
  public_key blob primary key,  -- Ed25519
  signer text not null,         -- as the signer calls itself
  signed_at integer not null,
  signature blob not null
) strict, without rowid;

create table word (
  id integer primary key,
  text text not null
) strict;

create table job (
  id integer primary key,
  name text not null,
  enabled integer not null,
  type text not null,
  command text not null,
  default_args text,          -- JSON, masked
  args_masked integer not null,
  schedule text,              -- JSON
  timeout_seconds integer not null,
  max_retries integer not null,
  retry_backoff_seconds integer not null,
  concurrency_policy text not null,
  created_at integer not null,
  updated_at integer not null
) strict;

create table run (
  n integer primary key,      -- place in the list, by (created_at, id), from 1
  id integer not null,
  job_id integer not null,
  scheduled_for integer,
  assigned_at integer,
  worker integer not null,    -- a word
  state integer not null,     -- a word
  attempt integer not null,
  version integer not null,
  leader_epoch integer,
  started_at integer,
  finished_at integer,
  exit_code integer,
  error text not null,
  log_ref text not null,
  idempotency_key text not null,
  cpu_seconds real,
  peak_rss_bytes integer,
  io_read_bytes integer,
  io_write_bytes integer,
  continuation integer not null,  -- a word
  confirming_since integer,
  confirming_deadline integer,
  created_at integer not null,
  updated_at integer not null
) strict;

create table run_args (
  run_id integer primary key,
  args text not null          -- JSON, masked
) strict;

create table attempt (
  run_id integer not null,
  attempt integer not null,
  worker_id text not null,
  leader_epoch integer not null,
  started_at integer not null,
  ended_at integer,
  outcome text not null,
  exit_code integer,
  note text not null,
  log_ref text not null,
  log_gone integer not null,
  primary key (run_id, attempt)
) strict, without rowid;

create table log (
  id integer primary key,
  run_id integer not null,
  attempt integer not null,
  last_seq integer not null,  -- of its last chunk
  size integer not null,      -- of the text, in bytes
  chunks text not null,       -- JSON: [[seq, time, stream, bytes], …]
  text blob not null          -- the chunks one after the other, compressed by zstd
) strict;

create table event (
  id integer primary key,
  type text not null,
  payload text,               -- JSON, masked
  size integer not null,
  dedupe_key text,
  created_at integer not null,
  processed_at integer
) strict;

create table setting (
  key text primary key,
  value text,                 -- JSON; null for a secret
  secret integer not null,
  updated_at integer not null
) strict, without rowid;

create table setting_help (
  key text primary key,
  title text not null,
  description text not null,
  impact text not null,
  editable integer not null,
  input text not null,
  choices text not null,      -- JSON
  min integer,
  max integer,
  examples text not null,     -- JSON
  secret integer not null
) strict, without rowid;

create table reload (
  id integer primary key,
  requested_by text not null,
  requested_at integer not null,
  status text not null,
  applied_at integer,
  leader_id text not null,
  leader_epoch integer,
  result text                 -- JSON
) strict;

create table audit (
  n integer primary key,      -- place in the list, by (created_at, id), from 1
  id integer not null,
  actor text not null,
  action text not null,
  target text not null,
  detail text,                -- JSON, masked
  size integer not null,      -- of the detail, in bytes
  created_at integer not null,
  written text not null
) strict;

create table chain (
  audit_id integer primary key,
  login text not null,
  by_gate integer not null,
  seq integer not null,
  digest blob                 -- null where the detail is masked
) strict;

create table seal (
  seq integer primary key,
  sealed_at integer not null,
  sealed_by text not null,
  digest blob not null
) strict;

create table term (
  epoch integer primary key,
  worker_id text not null,
  since integer not null
) strict;

create table note (
  n integer primary key,
  at integer not null,
  author text not null,
  text text not null
) strict;

-- What follows is derived from the tables above when the archive is finished, so that nothing has to be counted again.

create table span (
  start integer primary key,  -- a half hour of creation times
  first_n integer not null,   -- of its runs
  last_n integer not null,
  last_end integer,           -- when the last of them ended; null = one is open
  first_due integer,
  last_due integer,
  most_attempts integer not null
) strict;

create table span_state (
  start integer not null,
  state integer not null,     -- a word
  runs integer not null,
  late integer not null,      -- started, or given up waiting, more than a minute after their time
  primary key (start, state)
) strict, without rowid;

create table span_histogram (
  start integer not null,
  kind integer not null,      -- 0 = how long runs took, 1 = how late they started
  bucket integer not null,    -- see docs/archive-format.md
  runs integer not null,
  primary key (start, kind, bucket)
) strict, without rowid;

create table day_histogram (
  day integer not null,       -- the start of a day in UTC
  kind integer not null,      -- as in span_histogram
  bucket integer not null,
  runs integer not null,
  primary key (day, kind, bucket)
) strict, without rowid;

create table job_day (
  day integer not null,       -- the start of a day in UTC
  job_id integer not null,
  state integer not null,     -- a word
  runs integer not null,
  seconds real not null,      -- that they took together
  primary key (day, job_id, state)
) strict, without rowid;

create table epoch (
  epoch integer primary key,
  first_n integer not null,   -- of the runs that it assigned
  last_n integer not null,
  first_assigned integer      -- when the first of them was
) strict;

create unique index run_id on run (id);
create index run_state on run (state);
create index run_job on run (job_id, n, state);
create index run_worker on run (worker, n, state);
create index log_run on log (run_id, attempt, last_seq);
create unique index audit_id on audit (id);
create index audit_action on audit (action);
create index audit_target on audit (target);

create virtual table error_text using fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram');

create view runs as
select r.id, j.name as job, s.text as state, w.text as worker, r.attempt, r.leader_epoch, r.exit_code, r.error, r.log_ref,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.created_at / 1e6, 'unixepoch') as created_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.scheduled_for / 1e6, 'unixepoch') as scheduled_for,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.started_at / 1e6, 'unixepoch') as started_at,
  strftime('%Y-%m-%dT%H:%M:%fZ', r.finished_at / 1e6, 'unixepoch') as finished_at,
  (r.finished_at - r.started_at) / 1e6 as seconds
from run r left join job j on j.id = r.job_id join word s on s.id = r.state join word w on w.id = r.worker;
