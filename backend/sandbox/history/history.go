// Package history makes up the past of a sandbox: a month of runs, events and operators' actions that look as if a
// cluster had worked and people had watched it. The same seed, time and size give the same past.
package history

import (
	"context"
	_ "embed"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Config is how much past to make.
type Config struct {
	Runs int       // about how many; a month holds some 120,000, more make it longer, fewer thin it out, 0 leaves the jobs
	Now  time.Time // where the past ends, a little earlier
	Seed uint64

	// KeepsLogs tells that the tables of our node are there: recent runs then have a log in the database.
	KeepsLogs bool
	Progress  func(done, total int64) // runs; may be nil
}

const (
	month   = 30 * 24 * time.Hour
	logDays = 7 // how long logs stay in the database, as the contract has it
)

// past is one making of it.
type past struct {
	Config
	random *rand.Rand
	from   time.Time
	to     time.Time
	jobs   []job
	eras   []era
	events []event

	runs    queue
	made    int64 // runs so far, which is the newest one's id
	expect  int64
	busy    map[string]time.Time // worker id to when it is free again
	logs    []logChunk
	tries   []try
	actions []action
	huge    bool // the one huge error has been written
}

// job is a job of the catalog under its row id.
type job struct {
	catalog.Job
	id scheduler.JobID
}

// Load writes jobs and their past into a fresh Django schema, all or nothing.
func Load(ctx context.Context, conn *pgx.Conn, c Config) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		p := &past{Config: c, random: rand.New(rand.NewPCG(c.Seed, 0x0d5dec)), busy: map[string]time.Time{}}
		// The leader makes the runs of the current minute and of those ahead: the past ends before them.
		p.to = c.Now.UTC().Truncate(time.Minute).Add(-2 * time.Minute)
		steps := []struct {
			name string
			do   func(context.Context, pgx.Tx) error
		}{
			{"jobs", p.writeJobs}, {"settings", p.writeSettings}, {"events", p.writeEvents}, {"runs", p.writeRuns},
			{"logs", p.writeLogs}, {"actions", p.writeActions},
		}
		for _, s := range steps {
			if err := s.do(ctx, tx); err != nil {
				return fmt.Errorf("make up the past: %s: %w", s.name, err)
			}
		}
		return nil
	})
}

//go:embed insert_job.sql
var insertJob string

func (p *past) writeJobs(ctx context.Context, tx pgx.Tx) error {
	for i, j := range catalog.Jobs {
		created := p.to.Add(-month - time.Duration(50-i)*time.Hour)
		args, policy := j.Args, j.Policy
		if args == "" {
			args = "{}"
		}
		if policy == "" {
			policy = scheduler.Forbid
		}
		row := job{Job: j}
		err := tx.QueryRow(ctx, insertJob, pgx.NamedArgs{
			"name": j.Name, "enabled": !j.Disabled, "type": j.Type, "command_name": j.Command,
			"default_args_json": args, "schedule": j.Schedule, "timeout_seconds": int(j.Timeout.Seconds()),
			"max_retries": j.Retries, "retry_backoff_seconds": int(j.Backoff.Seconds()), "concurrency_policy": policy,
			"created_at": created, "updated_at": created.Add(time.Duration(i) * 7 * time.Hour),
		}).Scan(&row.id)
		if err != nil {
			return err
		}
		p.jobs = append(p.jobs, row)
	}
	return p.plan()
}

//go:embed settings.sql
var settings string

func (p *past) writeSettings(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, settings)
	return err
}

//go:embed last_epoch.sql
var lastEpoch string

// LastEpoch is the newest leader epoch of a past, for the counter in Redis to go on from: 0 without one.
func LastEpoch(ctx context.Context, conn *pgx.Conn) (epoch int64, err error) {
	err = conn.QueryRow(ctx, lastEpoch).Scan(&epoch)
	return epoch, err
}

// about varies a number by a share of it, up or down.
func (p *past) about(n, share float64) float64 { return n * (1 + share*(2*p.random.Float64()-1)) }

// within is a time between two others.
func (p *past) within(from, to time.Time) time.Time {
	return from.Add(time.Duration(p.random.Float64() * float64(to.Sub(from))))
}

func (p *past) chance(share float64) bool { return p.random.Float64() < share }

func pick[T any](p *past, from []T) T { return from[p.random.IntN(len(from))] }
