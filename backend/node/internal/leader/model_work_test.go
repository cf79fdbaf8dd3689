package leader

import (
	"cmp"
	"context"
	"slices"
	"time"

	"github.com/opsdeck/opsdeck/backend/node/internal/store"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func (t *modelTx) Jobs(context.Context) (jobs []store.Job, _ error) {
	for _, j := range t.jobs {
		if j.enabled {
			jobs = append(jobs, j.Job)
		}
	}
	slices.SortFunc(jobs, func(a, b store.Job) int { return cmp.Compare(a.ID, b.ID) })
	return jobs, nil
}

func (t *modelTx) Planned(context.Context) (*time.Time, error) { return t.planned, nil }

func (t *modelTx) PlanUntil(_ context.Context, minute time.Time) error {
	t.planned = &minute
	return nil
}

// taken is the unique constraint on job and time.
func (m *model) taken(job scheduler.JobID, at time.Time) bool {
	return m.slots[slotKey{job, at.UnixMicro()}]
}

func (t *modelTx) CreateSlots(_ context.Context, slots []store.Slot) (n int64, _ error) {
	for _, slot := range slots {
		if t.bug != "make runs twice" && t.taken(slot.Job, slot.At) {
			continue
		}
		t.insert(slot.Job, slot.At, t.now, "")
		n++
	}
	return n, nil
}

func (t *modelTx) NewEvents(_ context.Context, _ *time.Time, settled time.Time) (events []store.Event, _ error) {
	for _, e := range t.events {
		if !e.processed && (!e.CreatedAt.After(settled) || e.CreatedAt.After(t.now)) && len(events) < 100 {
			events = append(events, e.Event)
		}
	}
	return events, nil
}

func (t *modelTx) ClaimEventKeys(_ context.Context, events []store.Event) (claimed []int64, _ error) {
	for _, e := range events {
		key := [2]string{e.Type, e.DedupeKey}
		if _, taken := t.keys[key]; taken && t.bug != "take every event" {
			continue
		}
		t.keys[key] = e.ID
		claimed = append(claimed, e.ID)
	}
	return claimed, nil
}

func (t *modelTx) FinishEvents(_ context.Context, events []store.Event, runs []store.EventRun, since, until time.Time) (n int64, _ error) {
	for _, wanted := range runs {
		there := false
		for _, r := range t.runs {
			if r.job == wanted.Job && r.key == wanted.Key && !r.created.Before(since) && !r.created.After(until) && t.bug != "take every event" {
				there = true
			}
		}
		if !there {
			t.insert(wanted.Job, wanted.At, t.now, wanted.Key)
			n++
		}
	}
	for _, e := range events {
		for _, row := range t.events {
			if row.ID == e.ID {
				row.processed = true
			}
		}
	}
	return n, nil
}

func (t *modelTx) WatchRuns(context.Context) (n int64, _ error) {
	for _, r := range t.in(scheduler.Assigned, scheduler.Running) {
		if t.jobs[r.job].retries > 0 && !t.watched[r.id] && t.bug != "watch nothing" {
			t.watched[r.id] = true
			n++
		}
	}
	return n, nil
}

func (t *modelTx) WatchedEnds(context.Context) (ends []store.WatchedEnd, _ error) {
	for id := range t.watched {
		r := t.runs[id]
		if r.state.Final() {
			j := t.jobs[r.job]
			ends = append(ends, store.WatchedEnd{
				ID: id, State: r.state, Job: r.job, Key: r.key, FinishedAt: r.finished,
				Enabled: j.enabled, MaxRetries: j.retries, Backoff: j.backoff,
			})
		}
	}
	slices.SortFunc(ends, func(a, b store.WatchedEnd) int { return cmp.Compare(a.ID, b.ID) })
	return ends[:min(len(ends), 500)], nil
}

func (t *modelTx) AddRetries(_ context.Context, all []store.Retry) (made []scheduler.RunID, _ error) {
	for _, retry := range all {
		if !t.taken(retry.Job, retry.At) {
			t.insert(retry.Job, retry.At, t.now, retry.Key)
			made = append(made, retry.Of)
		}
	}
	return made, nil
}

func (t *modelTx) ForgetWatched(_ context.Context, runs []scheduler.RunID) error {
	for _, id := range runs {
		delete(t.watched, id)
	}
	return nil
}

func (t *modelTx) ReloadRequest(context.Context) (*store.ReloadRequest, error) { return nil, nil }

func (t *modelTx) AnswerReload(context.Context, int64, bool, string, []byte) error { return nil }

func (t *modelTx) OddRuns(context.Context) ([]store.OddRun, error) { return nil, nil }
