-- A stretch of time in which somebody looked again and again. Outside of these stretches nothing is known.
create table recording (
  id      integer primary key,
  topic   text not null,    -- what was looked at: fleet (leader and workers) or jobs
  since   integer not null, -- of the first look; all times are microseconds since 1970, UTC
  until   integer not null, -- of the last look
  every   integer not null, -- microseconds between two looks
  source  text not null     -- who looked, such as a program and its host
) strict;

-- What was different at a look from the look before. A frame begins with a mark (an empty key) and holds all there was at its
-- beginning, so that a moment is found by its frame alone.
create table sample (
  kind      text not null,    -- leader, worker or job
  recording integer not null,
  frame     integer not null, -- when its frame began
  at        integer not null, -- when it was seen
  key       text not null,    -- 'leader', the worker's id or the job's id; '' marks the beginning of a frame
  doc       text,             -- as JSON; null = it was there before and is no longer
  primary key (kind, recording, frame, at, key)
) strict, without rowid;

-- The beginnings of frames, for whoever drops the oldest or lists them.
create index sample_frame on sample (frame, kind, recording) where key = '';
