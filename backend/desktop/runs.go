package desktop

import (
	"context"
	"encoding/base64"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Runs serves the list of runs and the screen of one run.
type Runs struct{ session *Session }

// NewRuns binds the runs of the open environment.
func NewRuns(s *Session) *Runs { return &Runs{s} }

// RunFilter narrows the list; "" , 0 and empty lists match every run.
type RunFilter struct {
	States        []string `json:"states"`
	JobID         string   `json:"jobId"`
	WorkerID      string   `json:"workerId"`
	Epoch         string   `json:"epoch"`
	CreatedFrom   string   `json:"createdFrom"`
	CreatedBefore string   `json:"createdBefore"`
	MinDurationMs float64  `json:"minDurationMs"`
	MaxDurationMs float64  `json:"maxDurationMs"`
	MinAttempt    int      `json:"minAttempt"`
	LaterThanMs   float64  `json:"laterThanMs"` // started, or still waiting, longer than this after their time
	ErrorText     string   `json:"errorText"`
	LogText       string   `json:"logText"` // archives alone can be asked for it
}

// ListRunsRequest asks for a page: at Cursor, or from time At on, or the newest.
type ListRunsRequest struct {
	Filter RunFilter `json:"filter"`
	Cursor string    `json:"cursor"`
	At     string    `json:"at"`
	Size   int       `json:"size"`
}

// RunPage is one page, newest first, with the cursors of its neighbours ("" = none).
type RunPage struct {
	Runs  []Run  `json:"runs"`
	Older string `json:"older"`
	Newer string `json:"newer"`
	AsOf  string `json:"asOf"`
}

// Run is a run on the wire.
type Run struct {
	ID                   string   `json:"id"`
	JobID                string   `json:"jobId"`
	JobName              string   `json:"jobName"`
	Command              string   `json:"command"`
	State                string   `json:"state"`
	ScheduledFor         string   `json:"scheduledFor"`
	AssignedAt           string   `json:"assignedAt"`
	StartedAt            string   `json:"startedAt"`
	FinishedAt           string   `json:"finishedAt"`
	CreatedAt            string   `json:"createdAt"`
	UpdatedAt            string   `json:"updatedAt"`
	WorkerID             string   `json:"workerId"`
	Attempt              int      `json:"attempt"`
	Version              int      `json:"version"`
	LeaderEpoch          string   `json:"leaderEpoch"`
	ExitCode             *int     `json:"exitCode,omitempty"`
	ErrorSummary         string   `json:"errorSummary"`
	LogRef               string   `json:"logRef"`
	IdempotencyKey       string   `json:"idempotencyKey"`
	CPUSeconds           *float64 `json:"cpuSeconds,omitempty"`
	PeakRSSBytes         *float64 `json:"peakRssBytes,omitempty"`
	IOReadBytes          *float64 `json:"ioReadBytes,omitempty"`
	IOWriteBytes         *float64 `json:"ioWriteBytes,omitempty"`
	Confirming           bool     `json:"confirming"`
	ConfirmingSince      string   `json:"confirmingSince"`
	ConfirmingDeadlineAt string   `json:"confirmingDeadlineAt"`
}

// RunCount is how many runs match.
type RunCount struct {
	N       float64 `json:"n"`
	Capped  bool    `json:"capped"`  // more than n, about guess
	Guess   float64 `json:"guess"`   // the planner's estimate
	Unknown bool    `json:"unknown"` // counting took too long
}

// IDRequest names a row.
type IDRequest struct {
	ID string `json:"id"`
}

// RunDetail is one run with its attempts.
type RunDetail struct {
	Run      Run       `json:"run"`
	Attempts []Attempt `json:"attempts"`
	Args     string    `json:"args"` // JSON; "" = its job's, as far as is known
	AsOf     string    `json:"asOf"`
}

// Attempt is one recorded try at a run.
type Attempt struct {
	Number      int    `json:"number"`
	WorkerID    string `json:"workerId"`
	LeaderEpoch string `json:"leaderEpoch"`
	StartedAt   string `json:"startedAt"`
	EndedAt     string `json:"endedAt"`
	Outcome     string `json:"outcome"`
	ExitCode    *int   `json:"exitCode,omitempty"`
	Note        string `json:"note"`
}

// LogRequest asks for what follows a place in the log of an attempt.
type LogRequest struct {
	RunID   string `json:"runId"`
	Attempt int    `json:"attempt"`
	After   string `json:"after"` // "" = from the start
}

// LogPage is a stretch of a log. A chunk may end inside a character, so its bytes cross as base64.
type LogPage struct {
	Chunks []LogChunk `json:"chunks"`
	Next   string     `json:"next"`
	More   bool       `json:"more"`
	Ended  bool       `json:"ended"`
	// Version is the run's: it has changed when this has, so that whoever follows its log need not ask for it too.
	Version int `json:"version"`
}

// LogChunk is what a node flushed at once.
type LogChunk struct {
	At     string `json:"at"`
	Stream string `json:"stream"`
	Base64 string `json:"base64"`
}

// List gives a page of runs.
func (r *Runs) List(req ListRunsRequest) (RunPage, error) {
	return call(r.session, "Runs.List", func(ctx context.Context, c *console.Console) (RunPage, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return RunPage{}, err
		}
		cursor, err := console.ParseCursor(req.Cursor)
		if err != nil {
			return RunPage{}, err
		}
		if at, err := parseTime(req.At); err != nil {
			return RunPage{}, err
		} else if at != nil && cursor.IsTop() {
			cursor = console.AtTime(*at)
		}
		page, err := c.ListRuns(ctx, filter, cursor, req.Size)
		if err != nil {
			return RunPage{}, err
		}
		result := RunPage{Runs: wireRuns(page.Runs), AsOf: wireTime(page.AsOf)}
		if n := len(page.Runs); n > 0 {
			if page.HasOlder {
				result.Older = console.Older(page.Runs[n-1]).String()
			}
			if page.HasNewer {
				result.Newer = console.Newer(page.Runs[0]).String()
			}
		}
		return result, nil
	})
}

// Count counts the runs that match a filter.
func (r *Runs) Count(req RunFilter) (RunCount, error) {
	return call(r.session, "Runs.Count", func(ctx context.Context, c *console.Console) (RunCount, error) {
		filter, err := req.parse()
		if err != nil {
			return RunCount{}, err
		}
		n, err := c.CountRuns(ctx, filter)
		return RunCount{N: float64(n.N), Capped: n.Capped, Guess: float64(n.Guess), Unknown: n.Unknown}, err
	})
}

// Get gives one run.
func (r *Runs) Get(req IDRequest) (RunDetail, error) {
	return call(r.session, "Runs.Get", func(ctx context.Context, c *console.Console) (RunDetail, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return RunDetail{}, err
		}
		d, err := c.Run(ctx, scheduler.RunID(id))
		if err != nil {
			return RunDetail{}, err
		}
		result := RunDetail{Run: wireRun(d.Run), Attempts: make([]Attempt, len(d.Attempts)), Args: string(d.Run.Args), AsOf: wireTime(d.AsOf)}
		for i, a := range d.Attempts {
			result.Attempts[i] = Attempt{
				Number: a.Number, WorkerID: a.WorkerID, LeaderEpoch: wireID(a.LeaderEpoch), StartedAt: wireTime(a.StartedAt),
				EndedAt: wireOptionalTime(a.EndedAt), Outcome: a.Outcome, ExitCode: a.ExitCode, Note: a.Note,
			}
		}
		return result, nil
	})
}

// Log gives the next stretch of an attempt's log.
func (r *Runs) Log(req LogRequest) (LogPage, error) {
	return call(r.session, "Runs.Log", func(ctx context.Context, c *console.Console) (LogPage, error) {
		id, err := parseID(req.RunID)
		if err != nil {
			return LogPage{}, err
		}
		var after int64
		if req.After != "" && req.After != "0" {
			if after, err = parseID(req.After); err != nil {
				return LogPage{}, err
			}
		}
		page, err := c.RunLog(ctx, scheduler.RunID(id), req.Attempt, after)
		if err != nil {
			return LogPage{}, err
		}
		result := LogPage{Chunks: make([]LogChunk, len(page.Chunks)), Next: wireID(page.Next), More: page.More, Ended: page.Ended, Version: page.Version}
		for i, chunk := range page.Chunks {
			result.Chunks[i] = LogChunk{
				At: wireTime(chunk.At), Stream: chunk.Stream, Base64: base64.StdEncoding.EncodeToString(chunk.Data),
			}
		}
		return result, nil
	})
}

func (f RunFilter) parse() (console.RunFilter, error) {
	filter := console.RunFilter{
		WorkerID: f.WorkerID, MinAttempt: f.MinAttempt, ErrorText: f.ErrorText, LogText: f.LogText,
		MinDuration: time.Duration(f.MinDurationMs * float64(time.Millisecond)),
		MaxDuration: time.Duration(f.MaxDurationMs * float64(time.Millisecond)),
		LaterThan:   time.Duration(f.LaterThanMs * float64(time.Millisecond)),
	}
	for _, s := range f.States {
		filter.States = append(filter.States, scheduler.RunState(s))
	}
	if f.JobID != "" {
		id, err := parseID(f.JobID)
		if err != nil {
			return filter, err
		}
		filter.JobID = scheduler.JobID(id)
	}
	if f.Epoch != "" {
		epoch, err := parseID(f.Epoch)
		if err != nil {
			return filter, err
		}
		filter.Epoch = &epoch
	}
	var err error
	if filter.CreatedFrom, err = parseTime(f.CreatedFrom); err != nil {
		return filter, err
	}
	filter.CreatedBefore, err = parseTime(f.CreatedBefore)
	return filter, err
}

func wireRuns(runs []scheduler.Run) []Run {
	wire := make([]Run, len(runs))
	for i, r := range runs {
		wire[i] = wireRun(r)
	}
	return wire
}

func wireRun(r scheduler.Run) Run {
	return Run{
		ID: wireID(r.ID), JobID: wireID(r.JobID), JobName: r.JobName, Command: r.Command, State: string(r.State),
		ScheduledFor: wireOptionalTime(r.ScheduledFor), AssignedAt: wireOptionalTime(r.AssignedAt),
		StartedAt: wireOptionalTime(r.StartedAt), FinishedAt: wireOptionalTime(r.FinishedAt),
		CreatedAt: wireTime(r.CreatedAt), UpdatedAt: wireTime(r.UpdatedAt),
		WorkerID: r.AssignedWorker, Attempt: r.Attempt, Version: r.Version, LeaderEpoch: wireOptionalID(r.LeaderEpoch),
		ExitCode: r.ExitCode, ErrorSummary: r.ErrorSummary, LogRef: r.LogRef, IdempotencyKey: r.IdempotencyKey,
		CPUSeconds: r.CPUSeconds, PeakRSSBytes: wireBytes(r.PeakRSSBytes),
		IOReadBytes: wireBytes(r.IOReadBytes), IOWriteBytes: wireBytes(r.IOWriteBytes),
		Confirming: r.Continuation == scheduler.Confirming, ConfirmingSince: wireOptionalTime(r.ConfirmingSince),
		ConfirmingDeadlineAt: wireOptionalTime(r.ConfirmingDeadlineAt),
	}
}

// wireBytes crosses as a number: a count of bytes is shown rounded, and no process has 2^53 of them.
func wireBytes(n *int64) *float64 {
	if n == nil {
		return nil
	}
	f := float64(*n)
	return &f
}
