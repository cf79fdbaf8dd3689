package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
)

// Failures serves failed runs by their causes.
type Failures struct{ session *Session }

// NewFailures binds the failures of the open environment.
func NewFailures(s *Session) *Failures { return &Failures{s} }

// FailuresRequest asks for the failures of the last milliseconds.
type FailuresRequest struct {
	WindowMs float64 `json:"windowMs"`
}

// FailureList is the failures of a window, by cause.
type FailureList struct {
	From      string         `json:"from"`
	To        string         `json:"to"`
	BucketMs  float64        `json:"bucketMs"`
	Groups    []FailureGroup `json:"groups"` // the most frequent first
	Runs      int            `json:"runs"`   // that were looked at
	Capped    bool           `json:"capped"` // the window holds more; only those due since Oldest were looked at
	Oldest    string         `json:"oldest"`
	Others    int            `json:"others"` // causes that are not listed
	OtherRuns int            `json:"otherRuns"`
	AsOf      string         `json:"asOf"`
}

// FailureGroup is every failure of one cause. FirstMade and LastMade bound their creation times, as the list of runs is
// filtered by.
type FailureGroup struct {
	Cause      string       `json:"cause"`
	State      string       `json:"state"`
	Runs       int          `json:"runs"`
	First      string       `json:"first"`
	Last       string       `json:"last"`
	FirstMade  string       `json:"firstMade"`
	LastMade   string       `json:"lastMade"`
	LastRunID  string       `json:"lastRunId"`
	LastError  string       `json:"lastError"` // its beginning
	ExitCode   *int         `json:"exitCode,omitempty"`
	Jobs       []FailureJob `json:"jobs"`
	PerBucket  []int        `json:"perBucket"`
	SearchText string       `json:"searchText"`
}

// FailureJob is how often a job failed of a cause.
type FailureJob struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Runs int    `json:"runs"`
}

// ByCause groups the failures of a window by cause.
func (f *Failures) ByCause(req FailuresRequest) (FailureList, error) {
	return call(f.session, "Failures.ByCause", func(ctx context.Context, c *console.Console) (FailureList, error) {
		found, err := c.Failures(ctx, time.Duration(req.WindowMs)*time.Millisecond)
		if err != nil {
			return FailureList{}, err
		}
		wire := FailureList{
			From: wireTime(found.From), To: wireTime(found.To), BucketMs: wireMillis(found.Bucket),
			Groups: make([]FailureGroup, len(found.Groups)), Runs: found.Runs, Capped: found.Capped, Oldest: wireTime(found.Oldest),
			Others: found.Others, OtherRuns: found.OtherRuns, AsOf: wireTime(found.AsOf),
		}
		for i, g := range found.Groups {
			wire.Groups[i] = wireFailureGroup(g)
		}
		return wire, nil
	})
}

func wireFailureGroup(g console.FailureGroup) FailureGroup {
	wire := FailureGroup{
		Cause: g.Cause, State: string(g.State), Runs: g.Runs, First: wireTime(g.FirstDue), Last: wireTime(g.LastDue),
		FirstMade: wireTime(g.FirstMade), LastMade: wireTime(g.LastMade), LastRunID: wireID(g.LastRun.ID),
		LastError: g.LastRun.Head, ExitCode: g.OneExitCode, Jobs: make([]FailureJob, len(g.Jobs)), PerBucket: g.PerBucket,
		SearchText: g.SearchText,
	}
	for i, j := range g.Jobs {
		wire.Jobs[i] = FailureJob{ID: wireID(j.ID), Name: j.Name, Runs: j.Runs}
	}
	return wire
}
