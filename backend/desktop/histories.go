package desktop

import (
	"context"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/compare"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// HistoriesRequest names two of what is open, archives or the live environment, and what to compare of them.
type HistoriesRequest struct {
	Here      string `json:"here"` // keys, as the session has them
	There     string `json:"there"`
	Part      string `json:"part"`      // jobs, settings, workers or runs
	All       bool   `json:"all"`       // also what is equal
	LiveHours int    `json:"liveHours"` // how far back the runs of the live environment are looked at; 0 = a day
	Offset    int    `json:"offset"`
	Size      int    `json:"size"`
}

// Histories is a page of what differs between two histories in one part, by name.
type Histories struct {
	Here   HistorySide     `json:"here"`
	There  HistorySide     `json:"there"`
	Counts []StateCountOf  `json:"counts"` // of the whole part
	Total  int             `json:"total"`  // of what the request asks for
	Items  []HistoryItem   `json:"items"`  // of jobs, settings and workers
	Runs   []HistoryRunRow `json:"runs"`   // of runs
}

// HistorySide is one of both histories: what its runs are of, and what is known of its workers and jobs.
type HistorySide struct {
	Key     string     `json:"key"`
	ID      string     `json:"id"`
	Name    string     `json:"name"`
	Kind    string     `json:"kind"`
	Archive bool       `json:"archive"`
	From    string     `json:"from"`
	To      string     `json:"to"`
	Fleet   BasisState `json:"fleet"`
	Jobs    BasisState `json:"jobs"`
}

// StateCountOf is how many of a part are in a state of comparison.
type StateCountOf struct {
	State string `json:"state"` // equal, unknown, different, here or there
	N     int    `json:"n"`
}

// HistoryItem is a job, a setting or a worker on both sides.
type HistoryItem struct {
	Kind   string          `json:"kind"` // job, setting or worker
	Name   string          `json:"name"`
	State  string          `json:"state"`
	Fields []ComparedField `json:"fields"`
	// HereID and ThereID are the job's ids; "" = there is none.
	HereID  string `json:"hereId"`
	ThereID string `json:"thereId"`
}

// HistoryRunRow is what became of a job's runs on both sides.
type HistoryRunRow struct {
	Name     string       `json:"name"` // "" = of jobs that are no more
	State    string       `json:"state"`
	Here     *HistoryRuns `json:"here,omitempty"`
	There    *HistoryRuns `json:"there,omitempty"`
	Failures string       `json:"failures"` // higher, lower, similar, or few runs to tell
	Duration string       `json:"duration"`
}

// HistoryRuns counts a job's runs in a window.
type HistoryRuns struct {
	JobID    string         `json:"jobId"`
	Runs     int            `json:"runs"`
	States   map[string]int `json:"states"`
	Ended    int            `json:"ended"` // by themselves
	Failed   int            `json:"failed"`
	Duration Percentiles    `json:"duration"`
}

const (
	defaultLiveHours = 24
	maxLiveHours     = 7 * 24
)

// Histories compares two of what is open: archives, each as of the moment that it is looked at, or one with the live environment.
func (c *Comparisons) Histories(req HistoriesRequest) (Histories, error) {
	s := c.session
	return lend(s, "Comparisons.Histories", compareTimeout, func(ctx context.Context, _ *opened) (Histories, error) {
		if req.Size < 1 || req.Size > console.MaxPageSize || req.Offset < 0 || req.LiveHours < 0 || req.LiveHours > maxLiveHours || req.Here == req.There {
			return Histories{}, scheduler.Errorf(scheduler.Invalid, "compare.bad_request", "This can't be compared: choose two histories, and up to a week of the live one.")
		}
		var sides [2]*opened
		for i, key := range []string{req.Here, req.There} {
			o, err := s.borrowKey(key)
			if err != nil {
				return Histories{}, err
			}
			defer o.uses.Done()
			var end context.CancelFunc
			ctx, end = context.WithCancel(ctx)
			defer end()
			defer context.AfterFunc(o.life, end)()
			sides[i] = o
		}
		return compareHistories(ctx, req, sides)
	})
}

// borrowKey takes what is open under a key, as borrow takes what is shown.
func (s *Session) borrowKey(key string) (*opened, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o := s.find(key)
	if o == nil {
		return nil, scheduler.Errorf(scheduler.NotFound, "session.not_open", "What should be shown is not open any more.")
	}
	o.uses.Add(1)
	return o, nil
}

func compareHistories(ctx context.Context, req HistoriesRequest, of [2]*opened) (Histories, error) {
	now := time.Now()
	windows := [2]stretch{of[0].window(now, req.LiveHours), of[1].window(now, req.LiveHours)}
	result := Histories{Here: of[0].history(windows[0]), There: of[1].history(windows[1]), Items: []HistoryItem{}, Runs: []HistoryRunRow{}}
	if req.Part == "runs" {
		sides, err := bothOf(ctx, func(ctx context.Context, i int) ([]console.JobActivity, error) {
			return of[i].Console.JobActivity(ctx, windows[i].from, windows[i].to)
		})
		if err != nil {
			return Histories{}, err
		}
		var rows []compare.JobRuns
		rows, result.Counts, result.Total = paged(req, compare.Activity(sides[0], sides[1]), func(r compare.JobRuns) compare.State { return r.State })
		for _, r := range rows {
			result.Runs = append(result.Runs, wireJobRuns(r))
		}
		return result, nil
	}
	items, err := itemsOf(ctx, req.Part, of)
	if err != nil {
		return Histories{}, err
	}
	items, result.Counts, result.Total = paged(req, items, func(i compare.Item) compare.State { return i.State })
	for _, i := range items {
		result.Items = append(result.Items, wireHistoryItem(i))
	}
	return result, nil
}

// itemsOf compares definitions, settings or workers.
func itemsOf(ctx context.Context, part string, of [2]*opened) ([]compare.Item, error) {
	switch part {
	case "jobs", "settings":
		sides, err := bothOf(ctx, func(ctx context.Context, i int) (side compare.Side, err error) {
			if part == "jobs" {
				side.Jobs, err = of[i].Console.Definitions(ctx)
			} else {
				side.Settings, err = of[i].Console.StoredSettings(ctx)
			}
			return side, err
		})
		return compare.Items(sides[0], sides[1], nil), err
	case "workers":
		sides, err := bothOf(ctx, func(ctx context.Context, i int) (workers []scheduler.Worker, err error) {
			list, err := of[i].Console.ListWorkers(ctx)
			for _, w := range list.Workers {
				workers = append(workers, w.Worker)
			}
			return workers, err
		})
		return compare.Workers(sides[0], sides[1]), err
	}
	return nil, scheduler.Errorf(scheduler.Invalid, "compare.bad_part", "There is no part %q to compare.", part).With("part", part)
}

// bothOf reads both sides at the same time.
func bothOf[T any](ctx context.Context, read func(context.Context, int) (T, error)) (sides [2]T, err error) {
	group, ctx := errgroup.WithContext(ctx)
	for i := range sides {
		group.Go(func() (err error) {
			sides[i], err = read(ctx, i)
			return err
		})
	}
	return sides, group.Wait()
}

// paged gives the page that is asked for, and counts what there is.
func paged[T any](req HistoriesRequest, all []T, stateOf func(T) compare.State) (page []T, counts []StateCountOf, total int) {
	states := map[compare.State]int{}
	var asked []T
	for _, one := range all {
		state := stateOf(one)
		states[state]++
		if req.All || state != compare.Equal {
			asked = append(asked, one)
		}
	}
	for _, state := range []compare.State{compare.Equal, compare.Unknown, compare.Different, compare.OnlyHere, compare.OnlyThere} {
		counts = append(counts, StateCountOf{State: string(state), N: states[state]})
	}
	first := min(req.Offset, len(asked))
	return asked[first:min(first+req.Size, len(asked))], counts, len(asked)
}

// stretch is a range of creation times.
type stretch struct{ from, to time.Time }

// window is what of a history runs are compared of: an archive's own up to the moment that it is looked at, or the latest hours.
func (o *opened) window(now time.Time, liveHours int) stretch {
	if o.Archive != nil {
		return stretch{o.Archive.From, o.Archive.Moment.Add(time.Microsecond)}
	}
	if liveHours == 0 {
		liveHours = defaultLiveHours
	}
	return stretch{now.Add(-time.Duration(liveHours) * time.Hour), now}
}

func (o *opened) history(w stretch) HistorySide {
	side := HistorySide{
		Key: o.key, ID: o.ID, Name: o.Name, Kind: o.Kind, Archive: o.Archive != nil, From: wireTime(w.from), To: wireTime(w.to),
	}
	known := console.Knowledge{Fleet: console.Basis{Kind: console.Exact}, Jobs: console.Basis{Kind: console.Exact}}
	if o.Archive != nil {
		known = o.Archive.Known
	}
	side.Fleet, side.Jobs = basisState(known.Fleet), basisState(known.Jobs)
	return side
}

func wireHistoryItem(item compare.Item) HistoryItem {
	wire := HistoryItem{Kind: string(item.Kind), Name: item.Name, State: string(item.State), Fields: wireFields(item.Fields)}
	if item.HereJob != nil {
		wire.HereID = wireID(item.HereJob.ID)
	}
	if item.ThereJob != nil {
		wire.ThereID = wireID(item.ThereJob.ID)
	}
	return wire
}

func wireJobRuns(r compare.JobRuns) HistoryRunRow {
	return HistoryRunRow{
		Name: r.Name, State: string(r.State), Here: wireRunsOf(r.Here), There: wireRunsOf(r.There), Failures: string(r.Failures), Duration: string(r.Duration),
	}
}

func wireRunsOf(a *console.JobActivity) *HistoryRuns {
	if a == nil {
		return nil
	}
	wire := &HistoryRuns{JobID: wireID(a.JobID), States: map[string]int{}, Duration: wirePercentiles(a.Duration)}
	wire.Ended, wire.Failed = a.Ended()
	for state, n := range a.States {
		wire.States[string(state)] = n
		wire.Runs += n
	}
	return wire
}
