// Package catalog lists the sandbox's jobs: how they are defined, and how they have behaved for as long as the history
// goes back. Package demojob holds what they really do; both are told apart by the command name.
package catalog

import (
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Job is a job definition with its past.
type Job struct {
	Name     string
	Command  string
	Type     scheduler.JobType
	Schedule string // JSON as the scheduler stores it
	Args     string // JSON; "" = {}
	Disabled bool
	Timeout  time.Duration
	Retries  int
	Backoff  time.Duration
	Policy   scheduler.ConcurrencyPolicy // "" = forbid

	Past Past
}

// Past is how runs of a job went.
type Past struct {
	Typical  time.Duration // median duration
	Spread   float64       // sigma of its logarithm: 0.2 is steady, 1 is anything
	Failing  float64       // share of runs that fail on an ordinary day
	ExitCode int           // of a failure; 0 = 1
	Error    []string      // what failures say, one of them each
	Cores    float64       // CPU seconds a second
	Memory   int64         // peak, bytes
	Read     int64         // bytes a second
	Written  int64
	Night    float64 // how much longer runs take around 03:00 Japan time, when everything else runs too
	// TimesOut is for jobs that run into their timeout every time.
	TimesOut bool
}

// Event is what the sandbox's feeder sends, and the payloads that it varies.
type Event struct {
	Type     string
	Payloads []string
	Deduped  bool // comes with a dedupe key, as an order number makes one
}

// Events are the event types that jobs wait for.
var Events = []Event{
	{Type: "order.placed", Deduped: true, Payloads: []string{
		`{"order": "A-%d", "items": 3, "total": 12800, "currency": "JPY"}`,
		`{"order": "A-%d", "items": 1, "total": 980, "currency": "JPY", "note": "のし希望"}`,
		`{"order": "A-%d", "items": 12, "total": 154000, "currency": "JPY", "customer": {"tier": "gold"}}`,
	}},
	{Type: "file.arrived", Payloads: []string{
		`{"path": "/inbox/partner-%d.csv", "bytes": 48211}`,
		`[{"path": "/inbox/part-%d-1.csv"}, {"path": "/inbox/part-2.csv"}]`,
	}},
}

const mib = 1 << 20
