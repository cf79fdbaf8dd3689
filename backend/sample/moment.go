package sample

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Basis is what an answer about a moment stands on.
type Basis struct {
	Known  bool          // somebody was looking at that moment; otherwise the answer is empty
	Looked time.Time     // the last look that may count, at or before the moment
	Every  time.Duration // how far apart the looks were
}

// FleetAt gives the workers and the leadership as they were seen at a moment.
func FleetAt(ctx context.Context, db Reader, at time.Time) (scheduler.Fleet, Basis, error) {
	fleet := scheduler.Fleet{AsOf: at}
	leader, basis, err := stateAt(ctx, db, Fleet, OfLeader, at)
	if err != nil || !basis.Known {
		return fleet, basis, err
	}
	fleet.AsOf = basis.Looked
	if doc, ok := leader[LeaderKey]; ok {
		if fleet.Leadership, err = ParseLeader(doc, basis.Looked); err != nil {
			return fleet, basis, err
		}
	}
	workers, _, err := stateAt(ctx, db, Fleet, OfWorker, at)
	if err != nil {
		return fleet, basis, err
	}
	for id, doc := range workers {
		w, err := ParseWorker(id, doc, basis.Looked)
		if err != nil {
			return fleet, basis, err
		}
		fleet.Workers = append(fleet.Workers, w)
	}
	slices.SortFunc(fleet.Workers, func(a, b scheduler.Worker) int {
		return cmp.Or(strings.Compare(a.NodeID, b.NodeID), strings.Compare(a.ID, b.ID))
	})
	return fleet, basis, nil
}

// JobsAt gives the jobs as they were defined at a moment, by name.
func JobsAt(ctx context.Context, db Reader, at time.Time) ([]scheduler.Job, Basis, error) {
	docs, basis, err := stateAt(ctx, db, Jobs, OfJob, at)
	if err != nil {
		return nil, basis, err
	}
	jobs := make([]scheduler.Job, 0, len(docs))
	for key, doc := range docs {
		job, err := ParseJob(key, doc)
		if err != nil {
			return nil, basis, err
		}
		jobs = append(jobs, job)
	}
	slices.SortFunc(jobs, func(a, b scheduler.Job) int {
		return cmp.Or(strings.Compare(a.Name, b.Name), cmp.Compare(a.ID, b.ID))
	})
	return jobs, basis, nil
}

// Recordings gives every stretch of time in which somebody looked, oldest first.
func Recordings(ctx context.Context, db Reader) ([]Recording, error) {
	rows, err := db.QueryContext(ctx, `select id, topic, since, until, every, source from recording order by since, id`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var all []Recording
	for rows.Next() {
		r, err := scanRecording(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	return all, rows.Err()
}

// stateAt gives the document of every subject of a kind that there was at a moment.
func stateAt(ctx context.Context, db Reader, topic Topic, kind Kind, at time.Time) (map[string][]byte, Basis, error) {
	r, err := scanRecording(db.QueryRowContext(ctx,
		`select id, topic, since, until, every, source from recording where topic = ? and since <= ? order by since desc, id desc limit 1`,
		string(topic), at.UnixMicro()))
	if errors.Is(err, sql.ErrNoRows) || err == nil && !r.Covers(at) {
		return nil, Basis{}, nil
	}
	if err != nil {
		return nil, Basis{}, err
	}
	rows, err := db.QueryContext(ctx,
		`select key, doc from sample where kind = ?1 and recording = ?2 and at <= ?3 and frame = (
		   select max(frame) from sample where kind = ?1 and recording = ?2 and frame <= ?3) order by at, key`,
		string(kind), r.ID, at.UnixMicro())
	if err != nil {
		return nil, Basis{}, err
	}
	defer rows.Close()
	state, known := map[string][]byte{}, false
	for rows.Next() {
		var key string
		var doc []byte
		if err := rows.Scan(&key, &doc); err != nil {
			return nil, Basis{}, err
		}
		switch {
		case key == "":
			known = true
		case doc == nil:
			delete(state, key)
		default:
			state[key] = doc
		}
	}
	looked := at
	if r.Until.Before(at) {
		looked = r.Until
	}
	return state, Basis{Known: known, Looked: looked, Every: r.Every}, rows.Err()
}

func scanRecording(row interface{ Scan(into ...any) error }) (Recording, error) {
	var r Recording
	var since, until, every int64
	err := row.Scan(&r.ID, &r.Topic, &since, &until, &every, &r.Source)
	r.Since, r.Until = time.UnixMicro(since).UTC(), time.UnixMicro(until).UTC()
	r.Every = time.Duration(every) * time.Microsecond
	return r, err
}
