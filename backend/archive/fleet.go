package archive

import (
	"cmp"
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// maxSamples is how many samples after a frame are read.
const maxSamples = 500_000

// Knowledge says how what an archive shows at a moment is known.
type Knowledge string

// The kinds of knowledge, the best first.
const (
	Exact    Knowledge = "exact"    // from the times that the scheduler wrote
	Sampled  Knowledge = "sampled"  // somebody looked, and it is as it was then
	Inferred Knowledge = "inferred" // from runs or the audit
	Unknown  Knowledge = "unknown"
)

// Known says how each thing is known at a moment.
type Known struct {
	At                                 time.Time
	Runs, Workers, Leader, Terms, Jobs Knowledge
	SampledAt                          *time.Time // the newest look at the cluster
}

// Known tells how what is shown at a moment is known; the zero time is the archive's end.
func (a *Archive) Known(ctx context.Context, at time.Time) (Known, error) {
	m := a.moment(at)
	k := Known{At: m.at, Runs: Exact, Workers: Unknown, Leader: Unknown, Terms: Exact, Jobs: Exact}
	fleet, seen, err := m.sampled(ctx)
	if err != nil {
		return k, err
	}
	terms, recorded, err := m.Terms(ctx, m.at.Add(-time.Second), m.at.Add(time.Microsecond))
	if err != nil {
		return k, err
	}
	if !recorded {
		k.Terms = Inferred
	}
	open, err := m.OpenRunsByWorker(ctx)
	if err != nil {
		return k, err
	}
	switch {
	case seen:
		k.Workers, k.Leader, k.SampledAt = Sampled, Sampled, &fleet.AsOf
	case len(open) > 0:
		k.Workers = Inferred
	}
	if !seen && len(terms) > 0 {
		k.Leader = Inferred
	}
	if m.past {
		k.Jobs = Inferred // the audit knows what operators changed, not what others did
		if m.absent("audit") {
			k.Jobs = Unknown
		}
	}
	return k, nil
}

// Fleet gives the workers and the leadership as they were last seen. What nobody recorded is inferred from open runs and
// terms; Known tells which.
func (m moment) Fleet(ctx context.Context) (scheduler.Fleet, error) {
	fleet, seen, err := m.sampled(ctx)
	if err != nil || seen {
		return fleet, err
	}
	fleet.AsOf = m.at
	terms, _, err := m.Terms(ctx, m.at.Add(-time.Second), m.at.Add(time.Microsecond))
	if err != nil {
		return fleet, err
	}
	if len(terms) > 0 {
		newest := terms[len(terms)-1]
		fleet.Leadership = scheduler.Leadership{LeaderID: newest.WorkerID, Epoch: &newest.Epoch}
	}
	return fleet, nil
}

// sampled puts the newest samples together.
func (m moment) sampled(ctx context.Context) (fleet scheduler.Fleet, seen bool, err error) {
	workers := map[string]scheduler.Worker{}
	err = m.each(ctx, "samples", nil, args{"at": m.at.UnixMicro(), "page": maxSamples}, func(rows *sql.Rows) error {
		var kind, key string
		var at required
		var body document
		if err := rows.Scan(&at, &kind, &key, &body); err != nil {
			return err
		}
		fleet.AsOf = at.Time
		switch kind {
		case history.FrameSample:
			seen = true
			clear(workers)
			fleet.Leadership = scheduler.Leadership{}
		case history.WorkerSample:
			var w scheduler.Worker
			if body.RawMessage == nil || json.Unmarshal(body.RawMessage, &w) != nil {
				delete(workers, key)
				return nil
			}
			w.ID = key
			workers[key] = w
		case history.LeaderSample:
			_ = json.Unmarshal(body.RawMessage, &fleet.Leadership) // what can't be read says nothing
		}
		return nil
	})
	for _, w := range workers {
		fleet.Workers = append(fleet.Workers, w)
	}
	slices.SortFunc(fleet.Workers, func(a, b scheduler.Worker) int {
		return cmp.Or(cmp.Compare(a.NodeID, b.NodeID), cmp.Compare(a.ID, b.ID))
	})
	return fleet, seen, err
}
