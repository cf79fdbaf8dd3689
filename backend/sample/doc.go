// Package sample is how a cluster's look is kept over time: who leads, which workers there are and how jobs are defined, as
// rows that say only what has changed. A recorder writes them, an archive carries them, and a moment is read back from
// either.
package sample

import (
	"context"
	"database/sql"
	_ "embed"
	"time"
)

// Schema makes the two tables.
//
//go:embed schema.sql
var Schema string

// Kind is what a sample is about.
type Kind string

// The kinds.
const (
	OfLeader Kind = "leader"
	OfWorker Kind = "worker"
	OfJob    Kind = "job"
)

// Topic is what one look sees.
type Topic string

// The topics. They are looked at apart, because Redis may answer while PostgreSQL doesn't.
const (
	Fleet Topic = "fleet"
	Jobs  Topic = "jobs"
)

// Kinds gives what a topic's samples are about.
func (t Topic) Kinds() []Kind {
	if t == Jobs {
		return []Kind{OfJob}
	}
	return []Kind{OfLeader, OfWorker}
}

// LeaderKey is the key of the only subject of its kind.
const LeaderKey = "leader"

// Recording is a stretch of time in which somebody looked again and again.
type Recording struct {
	ID           int64
	Topic        Topic
	Since, Until time.Time // of the first and the last look
	Every        time.Duration
	Source       string
}

// Covers tells whether the recording knows of a moment: it lies no further behind the last look than two looks are apart at
// the most.
func (r Recording) Covers(at time.Time) bool {
	return !at.Before(r.Since) && !at.After(r.Until.Add(2*r.Every))
}

// Row is a line of the table sample. Doc is nil for what is gone, and for the mark of a frame.
type Row struct {
	Kind      Kind
	Recording int64
	Frame, At time.Time
	Key       string
	Doc       []byte
}

// Reader is what samples are read from: a database, or a transaction of one.
type Reader interface {
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
}
