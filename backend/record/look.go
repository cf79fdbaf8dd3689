package record

import (
	"bytes"
	"context"
	"database/sql"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// memory is what was seen last of a topic, so that a look writes only what differs.
type memory struct {
	recording int64 // 0 = none is open
	until     time.Time
	frames    map[sample.Kind]*frame
	failing   bool
}

// frame is the open frame of a kind.
type frame struct {
	began   time.Time
	state   map[string][]byte
	changes int
}

// The end of a frame: a moment is found by reading its frame from the beginning, and pruning drops whole frames.
const (
	frameAge     = 6 * time.Hour
	frameChanges = 64 // or twice as many as there are subjects
)

// LookAtFleet takes a sample of leadership and workers.
func (r *Recorder) LookAtFleet(ctx context.Context, store console.FleetStore) error {
	return r.look(ctx, sample.Fleet, r.options.Every, func(ctx context.Context) (map[sample.Kind]map[string][]byte, error) {
		fleet, err := store.Fleet(ctx)
		if err != nil {
			return nil, err
		}
		leader, err := sample.LeaderDoc(fleet.Leadership)
		if err != nil {
			return nil, err
		}
		workers := make(map[string][]byte, len(fleet.Workers))
		for _, w := range fleet.Workers {
			if workers[w.ID], err = sample.WorkerDoc(w); err != nil {
				return nil, err
			}
		}
		return map[sample.Kind]map[string][]byte{sample.OfLeader: {sample.LeaderKey: leader}, sample.OfWorker: workers}, nil
	})
}

// LookAtJobs takes a sample of the definitions. A job is read whole only when the list shows that it was changed. Secrets in
// arguments are masked here too: a database without the gate doesn't.
func (r *Recorder) LookAtJobs(ctx context.Context, store console.JobStore) error {
	return r.look(ctx, sample.Jobs, r.options.JobsEvery, func(ctx context.Context) (map[sample.Kind]map[string][]byte, error) {
		list, err := store.ListJobs(ctx, 0)
		if err != nil {
			return nil, err
		}
		docs := make(map[string][]byte, len(list))
		for _, listed := range list {
			key := sample.JobKey(listed.Job.ID)
			job, err := r.wholeJob(ctx, store, listed.Job)
			if scheduler.CodeOf(err) == scheduler.NotFound {
				continue // deleted since it was listed
			}
			if err != nil {
				return nil, err
			}
			job.DefaultArgs = console.MaskJSON(job.DefaultArgs)
			job.ArgsMasked = job.ArgsMasked || bytes.Contains(job.DefaultArgs, []byte(console.Masked))
			if docs[key], err = sample.JobDoc(job); err != nil {
				return nil, err
			}
			r.jobs[job.ID] = job
		}
		return map[sample.Kind]map[string][]byte{sample.OfJob: docs}, nil
	})
}

// wholeJob gives a listed job with its arguments, from the last look where it is still the same.
func (r *Recorder) wholeJob(ctx context.Context, store console.JobStore, listed scheduler.Job) (scheduler.Job, error) {
	if known, ok := r.jobs[listed.ID]; ok {
		was := known
		was.DefaultArgs, was.ArgsMasked = listed.DefaultArgs, listed.ArgsMasked
		now, errNow := sample.JobDoc(listed)
		then, errThen := sample.JobDoc(was)
		if errNow == nil && errThen == nil && bytes.Equal(now, then) {
			return known, nil
		}
	}
	return store.Job(ctx, listed.ID)
}

func (r *Recorder) look(ctx context.Context, topic sample.Topic, every time.Duration, see func(context.Context) (map[sample.Kind]map[string][]byte, error)) error {
	ctx, cancel := context.WithTimeout(ctx, lookTimeout)
	defer cancel()
	r.mu.Lock()
	defer r.mu.Unlock()
	m := r.topics[topic]
	seen, err := see(ctx)
	if err != nil {
		if !m.failing && ctx.Err() == nil {
			r.options.Log.WarnContext(ctx, "a look at the cluster failed; the recording has a gap", "topic", topic, "error", err)
		}
		m.failing = true
		return nil
	}
	m.failing = false
	now := r.options.Now().UTC().Truncate(time.Microsecond)
	if !now.After(m.until) {
		return nil // the clock was set back: wait until it has caught up
	}
	return r.write(ctx, m, topic, every, now, seen)
}

// write keeps a look, all of it or nothing.
func (r *Recorder) write(ctx context.Context, m *memory, topic sample.Topic, every time.Duration, now time.Time, seen map[sample.Kind]map[string][]byte) error {
	next := memory{recording: m.recording, until: now, frames: map[sample.Kind]*frame{}}
	err := r.transact(ctx, func(tx *sql.Tx) error {
		if err := r.extend(ctx, tx, m, &next, topic, every); err != nil {
			return err
		}
		for _, kind := range topic.Kinds() {
			var open *frame
			if next.recording == m.recording {
				open = m.frames[kind]
			}
			rows, f := compare(open, seen[kind], now)
			next.frames[kind] = f
			for _, row := range rows {
				if _, err := tx.ExecContext(ctx, `insert into sample (kind, recording, frame, at, key, doc) values (?, ?, ?, ?, ?, ?)`,
					string(kind), next.recording, f.began.UnixMicro(), now.UnixMicro(), row.key, text(row.doc)); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		return r.failed(err)
	}
	*m = next
	return nil
}

// extend carries the open recording on to now, or begins another after a gap.
func (r *Recorder) extend(ctx context.Context, tx *sql.Tx, m, next *memory, topic sample.Topic, every time.Duration) error {
	if m.recording != 0 && next.until.Sub(m.until) <= 2*every {
		_, err := tx.ExecContext(ctx, `update recording set until = ? where id = ?`, next.until.UnixMicro(), m.recording)
		return err
	}
	return tx.QueryRowContext(ctx, `insert into recording (topic, since, until, every, source) values (?, ?, ?, ?, ?) returning id`,
		string(topic), next.until.UnixMicro(), next.until.UnixMicro(), every.Microseconds(), r.options.Origin).Scan(&next.recording)
}

// change is a row to write.
type change struct {
	key string
	doc []byte
}

// compare gives what a look adds to an open frame, or a whole new frame where none is open or it has grown long.
func compare(open *frame, seen map[string][]byte, now time.Time) ([]change, *frame) {
	if open == nil || now.Sub(open.began) >= frameAge || open.changes >= max(frameChanges, 2*len(open.state)) {
		rows := make([]change, 1, len(seen)+1) // the mark
		for key, doc := range seen {
			rows = append(rows, change{key, doc})
		}
		return rows, &frame{began: now, state: seen}
	}
	var rows []change
	for key, doc := range seen {
		if !bytes.Equal(open.state[key], doc) {
			rows = append(rows, change{key, doc})
		}
	}
	for key := range open.state {
		if _, still := seen[key]; !still {
			rows = append(rows, change{key, nil})
		}
	}
	return rows, &frame{began: open.began, state: seen, changes: open.changes + len(rows)}
}

func text(doc []byte) any {
	if doc == nil {
		return nil
	}
	return string(doc)
}
