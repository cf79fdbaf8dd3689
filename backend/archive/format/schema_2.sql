-- What format 2 adds. All of it is derived when the archive is finished.

create table day_state (
  day integer not null,       -- the start of a day in UTC
  state integer not null,     -- a word
  runs integer not null,
  late integer not null,      -- as in span_state
  primary key (day, state)
) strict, without rowid;

create table job_histogram (
  job_id integer not null,
  bucket integer not null,    -- as in span_histogram, of kind 0
  runs integer not null,
  primary key (job_id, bucket)
) strict, without rowid;

create virtual table log_text using fts5 (text, content = '', columnsize = 0, detail = none, tokenize = 'trigram');
