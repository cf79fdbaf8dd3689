package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// JobDetail is one job with what became of its runs and what was changed about it.
type JobDetail struct {
	ID             string     `json:"id"`
	Name           string     `json:"name"`
	Enabled        bool       `json:"enabled"`
	Type           string     `json:"type"`
	Command        string     `json:"command"`
	Args           string     `json:"args"`       // JSON, laid out for reading
	ArgsMasked     bool       `json:"argsMasked"` // secrets in it read "<masked>"
	Schedule       string     `json:"schedule"`   // the JSON text as it stands in the database
	ScheduleShape  Schedule   `json:"scheduleShape"`
	ScheduleError  *WireError `json:"scheduleError,omitempty"` // why it never fires
	Next           []string   `json:"next"`                    // also of a disabled job: what enabling it would bring
	Reading        Reading    `json:"reading"`
	TimeoutSeconds float64    `json:"timeoutSeconds"`
	MaxRetries     int        `json:"maxRetries"`
	BackoffSeconds float64    `json:"backoffSeconds"`
	Policy         string     `json:"policy"`
	CreatedAt      string     `json:"createdAt"`
	UpdatedAt      string     `json:"updatedAt"`
	Draft          JobDraft   `json:"draft"` // what its editor starts with
	History        JobHistory `json:"history"`
	Latest         []Run      `json:"latest"`
	Changes        JobChanges `json:"changes"`
	AsOf           string     `json:"asOf"`
}

// Reading is how the schedulers of the cluster read a schedule, where they don't read it alike.
type Reading struct {
	Notes  []ScheduleNote `json:"notes"`
	Others []string       `json:"others"` // workers that read every schedule in UTC when they lead
	Leads  bool           `json:"leads"`  // one of them leads now
	InUTC  []string       `json:"inUtc"`  // when it is due then; empty where that makes no difference
}

// ScheduleNote is something about a schedule that is right and may still surprise.
type ScheduleNote struct {
	Kind string `json:"kind"` // uneven, hourly, gap or repeat
	At   string `json:"at"`   // of clock changes: when it fires
}

// JobHistory is how the latest runs of a job went, a value for each bucket from From on.
type JobHistory struct {
	Runs       int             `json:"runs"`
	Capped     bool            `json:"capped"` // there are older ones
	From       string          `json:"from"`
	To         string          `json:"to"`
	BucketMs   float64         `json:"bucketMs"`
	Series     []Series        `json:"series"`
	Durations  []DurationPoint `json:"durations"` // buckets without any are left out
	Succeeded  int             `json:"succeeded"`
	Ended      int             `json:"ended"`
	Duration   Percentiles     `json:"duration"`
	StartDelay Percentiles     `json:"startDelay"`
}

// DurationPoint is how long the runs of a bucket took.
type DurationPoint struct {
	Bucket int     `json:"bucket"`
	N      int     `json:"n"`
	P50Ms  float64 `json:"p50Ms"`
	MaxMs  float64 `json:"maxMs"`
}

// JobChanges is what operators did to jobs, newest first.
type JobChanges struct {
	List       []JobChange `json:"list"`
	More       bool        `json:"more"`
	Unreadable bool        `json:"unreadable"` // this login may not read the audit
}

// JobChange is one row of the audit.
type JobChange struct {
	ID     string        `json:"id"`
	At     string        `json:"at"`
	Actor  string        `json:"actor"`
	Action string        `json:"action"`
	Target string        `json:"target"`
	Reason string        `json:"reason"`
	Fields []FieldChange `json:"fields"`
}

// FieldChange is one column before and after a change, as JSON texts.
type FieldChange struct {
	Field  string `json:"field"`
	Before string `json:"before"`
	After  string `json:"after"`
}

// Get gives one job.
func (j *Jobs) Get(req IDRequest) (JobDetail, error) {
	return call(j.session, "Jobs.Get", func(ctx context.Context, c *console.Console) (JobDetail, error) {
		id, err := parseID(req.ID)
		if err != nil {
			return JobDetail{}, err
		}
		d, err := c.Job(ctx, scheduler.JobID(id))
		if err != nil {
			return JobDetail{}, err
		}
		return wireJobDetail(d), nil
	})
}

func wireJobDetail(d console.JobDetail) JobDetail {
	j, draft := d.Job, console.DraftOf(d.Job)
	return JobDetail{
		ID: wireID(j.ID), Name: j.Name, Enabled: j.Enabled, Type: string(j.Type), Command: j.Command, Args: draft.Args,
		ArgsMasked: j.ArgsMasked,
		Schedule:   string(j.Schedule), ScheduleShape: wireSchedule(d.Schedule), ScheduleError: wireOptional(d.ScheduleError),
		Next: wireTimes(d.Next), Reading: wireReading(d.Reading), TimeoutSeconds: j.Timeout.Seconds(), MaxRetries: j.MaxRetries,
		BackoffSeconds: j.RetryBackoff.Seconds(), Policy: string(j.ConcurrencyPolicy), CreatedAt: wireTime(j.CreatedAt),
		UpdatedAt: wireTime(j.UpdatedAt), Draft: wireDraft(draft), History: wireJobHistory(d.History),
		Latest: wireRuns(d.Latest), Changes: wireChanges(d.Changes), AsOf: wireTime(d.AsOf),
	}
}

func wireReading(r console.Reading) Reading {
	wire := Reading{Notes: []ScheduleNote{}, Others: append([]string{}, r.Others...), Leads: r.Leads, InUTC: wireTimes(r.InUTC)}
	for _, n := range r.Notes {
		wire.Notes = append(wire.Notes, ScheduleNote{Kind: string(n.Kind), At: wireTime(n.At)})
	}
	return wire
}

func wireJobHistory(h console.JobHistory) JobHistory {
	wire := JobHistory{
		Runs: h.Runs, Capped: h.Capped, From: wireTime(h.From), To: wireTime(h.To), BucketMs: wireMillis(h.Bucket),
		Series: []Series{}, Durations: []DurationPoint{}, Succeeded: h.Succeeded, Ended: h.Ended,
		Duration: wirePercentiles(h.Duration), StartDelay: wirePercentiles(h.Delay),
	}
	if h.Bucket > 0 {
		wire.Series = wireSeries(h.States, h.From, h.To, h.Bucket)
	}
	for _, d := range h.Durations {
		wire.Durations = append(wire.Durations, DurationPoint{
			Bucket: int(d.Start.Sub(h.From) / h.Bucket), N: d.N, P50Ms: wireMillis(d.P50), MaxMs: wireMillis(d.Max),
		})
	}
	return wire
}

func wireChanges(changes console.Changes) JobChanges {
	wire := JobChanges{List: make([]JobChange, len(changes.List)), More: changes.More, Unreadable: changes.Unreadable}
	for i, c := range changes.List {
		wire.List[i] = JobChange{
			ID: wireID(c.ID), At: wireTime(c.At), Actor: c.Actor, Action: c.Action, Target: c.Target, Reason: c.Reason,
			Fields: make([]FieldChange, len(c.Fields)),
		}
		for k, f := range c.Fields {
			wire.List[i].Fields[k] = FieldChange{Field: f.Field, Before: string(f.Before), After: string(f.After)}
		}
	}
	return wire
}
