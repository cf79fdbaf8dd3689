package history

import (
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Origin says where rows come from. Two exports of the same database have the same System, Database and Schema.
type Origin struct {
	System   string // the server's own identifier; "" where the login may not read it
	Address  string // host:port/database, as the operator reached it
	Database string
	Login    string
	Operator string // the user that the gate maps the login to; "" without one
	Schema   string // the newest migration of the scheduler that is known to be there
	Gate     bool   // secrets were masked by the database
	Server   string // the server's version
	Now      time.Time
	Absent   []string // parts of an archive that can't be read there
}

// Attempt is one try at a run.
type Attempt struct {
	Run scheduler.RunID
	scheduler.Attempt
}

// RunArgs are the arguments of a run that has its own.
type RunArgs struct {
	Run  scheduler.RunID
	Args json.RawMessage
}

// LogChunk is a piece of a run's output.
type LogChunk struct {
	Run     scheduler.RunID
	Attempt int
	console.LogChunk
}

// AuditRow is a row of the audit with its link of the chain. Without the gate Chain is nil.
type AuditRow struct {
	console.AuditEntry
	Link *Link
}

// Link is a row's place on its chain. Digest is empty where the row's detail is masked: a digest over a secret that is
// known but for a few characters would give the secret away.
type Link struct {
	Login  string
	ByGate bool
	Seq    int64
	Digest []byte
}

// Seal is a digest over how far every chain was at a moment.
type Seal struct {
	Seq    int64
	At     time.Time
	By     string
	Digest []byte
}

// Setting is a stored setting. Value is nil for a secret.
type Setting = console.StoredSetting

// Reload is a request that workers read their settings again, with its result as it is stored.
type Reload struct {
	console.Reload
	Raw json.RawMessage
}

// Term is when a leader's term began.
type Term struct {
	Epoch    int64
	WorkerID string
	Since    time.Time
}

// Note is what somebody wrote into an archive.
type Note struct {
	At     time.Time
	Author string
	Text   string
}
