package scheduler

import (
	"encoding/json"
	"time"
)

// JobID is the row id of a job definition.
type JobID int64

// JobType tells what makes runs of a job.
type JobType string

// The two job types of the contract.
const (
	TimeJob  JobType = "time"  // its schedule
	EventJob JobType = "event" // an event of one of its types
)

// ConcurrencyPolicy tells what happens when a run is due while an older one of the same job is open.
type ConcurrencyPolicy string

// The three policies of the contract. Schedulers in the field may store them without obeying.
const (
	Forbid  ConcurrencyPolicy = "forbid"
	Allow   ConcurrencyPolicy = "allow"
	Replace ConcurrencyPolicy = "replace"
)

// Job is a job definition.
type Job struct {
	ID                JobID
	Name              string
	Enabled           bool
	Type              JobType
	Command           string
	DefaultArgs       json.RawMessage // an object or an array; nil in lists
	ArgsMasked        bool            // secrets in DefaultArgs read "<masked>"
	Schedule          json.RawMessage // see ParseSchedule; for event jobs the event types
	Timeout           time.Duration   // 0 = none; whole seconds
	MaxRetries        int
	RetryBackoff      time.Duration // whole seconds
	ConcurrencyPolicy ConcurrencyPolicy
	CreatedAt         time.Time
	UpdatedAt         time.Time
}
