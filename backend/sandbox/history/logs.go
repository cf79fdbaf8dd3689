package history

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// logChunk is a row of our node's run_log.
type logChunk struct {
	run     int64
	attempt int
	seq     int64
	at      time.Time
	stream  string
	chunk   string
}

// attempt is a try at a run that came to nothing.
type attempt struct {
	worker         string
	started, ended time.Time
}

// try is a row of our node's run_attempt.
type try struct {
	run      int64
	number   int
	epoch    int64
	outcome  scheduler.RunState
	exitCode *int
	note     string
	attempt
}

// logOf says where the log of a run is: in the database for as long as logs are kept there, then in an archive. What
// the database holds is remembered for writeLogs.
func (p *past) logOf(r run) string {
	switch {
	case r.started == nil:
		return ""
	case p.to.Sub(*r.started) > logDays*24*time.Hour:
		return fmt.Sprintf("s3://scheduler-logs/job-logs/%s/jobrun_%d.log", r.worker, r.id)
	case !p.KeepsLogs:
		return fmt.Sprintf("/var/lib/scheduler/.scheduler-logs/%s/jobrun_%d.log", r.worker, r.id)
	}
	args := r.job.Args
	if args == "" {
		args = "{}"
	}
	stream, words := "stdout", fmt.Sprintf("done in %s", r.finished.Sub(*r.started).Round(time.Millisecond))
	switch r.state {
	case scheduler.Failed:
		stream = "stderr"
		_, words, _ = strings.Cut(r.err, "\n")
	case scheduler.TimedOut, scheduler.Canceled:
		stream, words = "stderr", r.job.Command+": told to end"
	}
	p.logs = append(p.logs,
		logChunk{r.id, r.attempt, 1, *r.started, "stdout",
			fmt.Sprintf("%s: run %d on worker %s, arguments %s\n", r.job.Command, r.id, r.worker, args)},
		logChunk{r.id, r.attempt, 2, r.finished, stream, words + "\n"})
	if r.lost != nil {
		p.tries = append(p.tries, try{run: r.id, epoch: r.epoch, outcome: scheduler.Orphaned,
			note: "orphaned: confirming deadline exceeded", attempt: *r.lost})
	}
	p.tries = append(p.tries, try{run: r.id, number: r.attempt, epoch: r.epoch, outcome: r.state, exitCode: r.exitCode,
		attempt: attempt{worker: r.worker, started: *r.started, ended: r.finished}})
	return fmt.Sprintf("db:%d/%d", r.id, r.attempt)
}

func (p *past) writeLogs(ctx context.Context, tx pgx.Tx) error {
	if !p.KeepsLogs {
		return nil
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"opsdeck_node", "run_log"},
		[]string{"run_id", "attempt", "seq", "at", "stream", "chunk"},
		pgx.CopyFromSlice(len(p.logs), func(i int) ([]any, error) {
			l := p.logs[i]
			return []any{l.run, l.attempt, l.seq, l.at, l.stream, []byte(l.chunk)}, nil
		}))
	if err != nil {
		return err
	}
	_, err = tx.CopyFrom(ctx, pgx.Identifier{"opsdeck_node", "run_attempt"},
		[]string{"run_id", "attempt", "worker_id", "leader_epoch", "started_at", "ended_at", "outcome", "exit_code", "note"},
		pgx.CopyFromSlice(len(p.tries), func(i int) ([]any, error) {
			t := p.tries[i]
			return []any{t.run, t.number, t.worker, t.epoch, t.started, t.ended, string(t.outcome), t.exitCode, t.note}, nil
		}))
	return err
}
