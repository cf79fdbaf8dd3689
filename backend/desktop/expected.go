package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Expectation compares a window of time to the job definitions.
type Expectation struct {
	From        string           `json:"from"`
	To          string           `json:"to"`
	Jobs        []JobExpectation `json:"jobs"` // by name
	Findings    []Finding        `json:"findings"`
	Left        int              `json:"left"` // findings that were left out
	Changes     JobChanges       `json:"changes"`
	InUTC       bool             `json:"inUtc"` // schedules were read in UTC, as the present leader reads them
	LateAfterMs float64          `json:"lateAfterMs"`
	AsOf        string           `json:"asOf"`
}

// JobExpectation is what one job's definition wanted and what became of it.
type JobExpectation struct {
	ID            string         `json:"id"`
	Name          string         `json:"name"`
	Enabled       bool           `json:"enabled"`
	Type          string         `json:"type"`
	ScheduleShape Schedule       `json:"scheduleShape"`
	ScheduleError *WireError     `json:"scheduleError,omitempty"`
	Due           int            `json:"due"`
	Counts        map[string]int `json:"counts"` // by verdict
	Uncertain     int            `json:"uncertain"`
	ChangedAt     string         `json:"changedAt"`
}

// Finding is a due time or a run that is not as it should be.
type Finding struct {
	JobID     string  `json:"jobId"`
	Verdict   string  `json:"verdict"`
	At        string  `json:"at"`
	RunID     string  `json:"runId"` // "" = there is none
	RunState  string  `json:"runState"`
	DelayMs   float64 `json:"delayMs"`
	Uncertain bool    `json:"uncertain"`
}

// Expected compares what should have run in a window with what did.
func (w *Windows) Expected(req WindowRequest) (Expectation, error) {
	return call(w.session, "Windows.Expected", func(ctx context.Context, c *console.Console) (Expectation, error) {
		from, to, err := req.parse()
		if err != nil {
			return Expectation{}, err
		}
		e, err := c.Expected(ctx, from, to)
		if err != nil {
			return Expectation{}, err
		}
		return wireExpectation(e), nil
	})
}

func wireExpectation(e console.Expectation) Expectation {
	wire := Expectation{
		From: wireTime(e.From), To: wireTime(e.To), Jobs: make([]JobExpectation, len(e.Jobs)), Findings: make([]Finding, len(e.Findings)),
		Left: e.Left, Changes: wireChanges(e.Changes), InUTC: e.InUTC, LateAfterMs: wireMillis(console.LateAfter), AsOf: wireTime(e.AsOf),
	}
	for i, j := range e.Jobs {
		wire.Jobs[i] = JobExpectation{
			ID: wireID(j.Job.ID), Name: j.Job.Name, Enabled: j.Job.Enabled, Type: string(j.Job.Type), ScheduleShape: wireSchedule(j.Schedule),
			ScheduleError: wireOptional(j.ScheduleError), Due: j.Due, Counts: map[string]int{}, Uncertain: j.Uncertain,
			ChangedAt: wireOptionalTime(j.Changed),
		}
		for verdict, n := range j.Counts {
			wire.Jobs[i].Counts[string(verdict)] = n
		}
	}
	for i, f := range e.Findings {
		wire.Findings[i] = Finding{
			JobID: wireID(f.JobID), Verdict: string(f.Verdict), At: wireTime(f.At), DelayMs: wireMillis(f.Delay), Uncertain: f.Uncertain,
		}
		if f.Run != nil {
			wire.Findings[i].RunID, wire.Findings[i].RunState = wireID(f.Run.ID), string(f.Run.State)
		}
	}
	return wire
}
