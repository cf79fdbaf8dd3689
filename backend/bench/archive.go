package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"runtime/metrics"
	"slices"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/klauspost/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/postgres"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// measureArchive exports n runs and measures the file: against COPY of the same rows read into values, and the questions that
// its screens ask against the first page.
func measureArchive(ctx context.Context, keep string, n int, log *slog.Logger) (t table, err error) {
	t.title = fmt.Sprintf("Archive: %d runs over %d days", n, historyDays)
	server, remove, err := startHistory(ctx, keep, "archive", n, log)
	if err != nil {
		return t, err
	}
	defer remove()
	t.notes = machine()
	pool, err := pgxpool.New(ctx, server.URL("postgres"))
	if err != nil {
		return t, err
	}
	defer pool.Close()
	store, err := postgres.Open(ctx, server.URL("postgres"), log)
	if err != nil {
		return t, err
	}
	defer store.Close()
	folder, err := os.MkdirTemp(keep, "archive-")
	if err != nil {
		return t, err
	}
	defer os.RemoveAll(folder)
	m := archiveMeasure{table: &t, pool: pool, store: store, path: filepath.Join(folder, "bench.opsdeck"), n: n, log: log}
	if err := m.export(ctx); err != nil {
		return t, err
	}
	if err := m.questions(ctx); err != nil {
		return t, err
	}
	return t, m.logs(ctx)
}

type archiveMeasure struct {
	table *table
	pool  *pgxpool.Pool
	store *postgres.Store
	path  string
	n     int
	log   *slog.Logger
}

func sourceOf(store *postgres.Store) history.Source {
	h := store.History()
	return history.Source{Cluster: h, Runs: h, Details: h, Trail: h}
}

// export makes the archive once, with COPY before and after it.
func (m *archiveMeasure) export(ctx context.Context) error {
	before, err := timed(ctx, m.copyOut)
	if err != nil {
		return err
	}
	watch := watchMemory()
	took, err := timed(ctx, func(ctx context.Context) error {
		return write.Export(ctx, sourceOf(m.store),
			write.Options{Path: m.path, Kind: write.RunsKind, Program: "bench"}, func(context.Context) error { return nil }, func(write.Progress) {})
	})
	peak := watch()
	if err != nil {
		return err
	}
	after, err := timed(ctx, m.copyOut)
	if err != nil {
		return err
	}
	m.table.add("export, with indexes, totals, search and digests", "COPY, read into values", times{floor: (before + after) / 2, ours: took, p95: took, rounds: 1}, goal{ratio: 5})
	size, err := os.Stat(m.path)
	if err != nil {
		return err
	}
	packed, err := m.packedCSV(ctx)
	if err != nil {
		return err
	}
	m.table.notes = append(m.table.notes,
		fmt.Sprintf("The archive has %d MB, the same runs as CSV packed by zstd %d MB: %.1f times.", size.Size()>>20, packed>>20, float64(size.Size())/float64(packed)),
		fmt.Sprintf("The program's memory grew to %d MB while exporting (Go's own, sampled).", peak>>20))
	return nil
}

const copyRuns = `select r.id, r.job_definition_id, r.scheduled_for, r.assigned_at, r.assigned_worker_id, r.state, r.attempt, r.version, r.leader_epoch,
  r.started_at, r.finished_at, r.exit_code, r.error_summary, r.log_ref, r.idempotency_key, r.resource_cpu_seconds_total,
  r.resource_peak_rss_bytes, r.continuation_state, r.created_at, r.updated_at from scheduler_job_runs r`

// copyOut is the floor: every row as text by COPY, taken apart.
func (m *archiveMeasure) copyOut(ctx context.Context) error {
	return onOne(ctx, m.pool, func(conn *pgx.Conn) error {
		reader, writer := io.Pipe()
		done := make(chan error, 1)
		go func() {
			table := csv.NewReader(reader)
			table.ReuseRecord = true
			for {
				if _, err := table.Read(); err == io.EOF {
					done <- nil
					return
				} else if err != nil {
					_ = reader.CloseWithError(err)
					done <- err
					return
				}
			}
		}()
		_, err := conn.PgConn().CopyTo(ctx, writer, "copy ("+copyRuns+") to stdout (format csv)")
		_ = writer.CloseWithError(err) // nil is the end of the file
		if read := <-done; err == nil {
			err = read
		}
		return err
	})
}

// packedCSV gives the size of the same runs as CSV packed by zstd.
func (m *archiveMeasure) packedCSV(ctx context.Context) (int64, error) {
	var size counter
	encoder, err := zstd.NewWriter(&size)
	if err != nil {
		return 0, err
	}
	err = onOne(ctx, m.pool, func(conn *pgx.Conn) error {
		_, err := conn.PgConn().CopyTo(ctx, encoder, "copy ("+copyRuns+") to stdout (format csv)")
		return err
	})
	if err != nil {
		return 0, err
	}
	err = encoder.Close()
	return int64(size), err
}

type counter int64

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// watchMemory samples what Go holds until the returned function is called, which gives the most.
func watchMemory() func() int64 {
	var most atomic.Int64
	stop, stopped := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(stopped)
		sample := []metrics.Sample{{Name: "/memory/classes/total:bytes"}}
		for {
			metrics.Read(sample)
			most.Store(max(most.Load(), int64(sample[0].Value.Uint64()))) //nolint:gosec // no machine has so much memory
			select {
			case <-stop:
				return
			case <-time.After(20 * time.Millisecond):
			}
		}
	}()
	return func() int64 {
		close(stop)
		<-stopped
		return most.Load()
	}
}

// questions measures opening and what screens ask.
func (m *archiveMeasure) questions(ctx context.Context) error {
	open := func(ctx context.Context) error {
		a, err := archive.Open(ctx, m.path)
		if err != nil {
			return err
		}
		defer a.Close()
		_, _, err = a.Ports(time.Time{}).Runs.ListRuns(ctx, console.RunFilter{}, console.Cursor{}, pageSize)
		return err
	}
	a, err := archive.Open(ctx, m.path)
	if err != nil {
		return err
	}
	defer a.Close()
	end := a.Facts().AsOf
	ports := a.Ports(time.Time{})
	first := func(ctx context.Context) error {
		_, _, err := ports.Runs.ListRuns(ctx, console.RunFilter{}, console.Cursor{}, pageSize)
		return err
	}
	measure := func(work string, g goal, ours func(context.Context) error) error {
		measured, err := compare(ctx, first, ours)
		if err != nil {
			return fmt.Errorf("%s: %w", work, err)
		}
		m.table.add(work, "first page", measured, g)
		return nil
	}
	if err := measure("open, and the first page", goal{within: time.Second}, open); err != nil {
		return err
	}
	quick := goal{within: 100 * time.Millisecond}
	for _, c := range listCases(m.n) {
		if err := measure(c.work, quick, func(ctx context.Context) error {
			_, _, err := ports.Runs.ListRuns(ctx, c.filter, c.cursor, pageSize)
			return err
		}); err != nil {
			return err
		}
	}
	edge := end.Truncate(30 * time.Minute).Add(30 * time.Minute) // as the dashboard's window ends
	past := a.Ports(end.Add(-45 * 24 * time.Hour))
	for _, c := range []struct {
		work string
		ours func(context.Context) error
	}{
		{"count, no filter", func(ctx context.Context) error {
			_, err := ports.Runs.CountRuns(ctx, console.RunFilter{}, console.CountLimit+1)
			return err
		}},
		{"dashboard with percentiles, 24 h", func(ctx context.Context) error {
			_, err := ports.Stats.RunActivity(ctx, edge.Add(-24*time.Hour), edge, 30*time.Minute, console.LateAfter)
			return err
		}},
		{"dashboard with percentiles, 90 days", func(ctx context.Context) error {
			_, err := ports.Stats.RunActivity(ctx, edge.Add(-historyDays*24*time.Hour), edge, 24*time.Hour, console.LateAfter)
			return err
		}},
		{"dashboard as of 45 days ago", func(ctx context.Context) error {
			_, err := past.Stats.RunActivity(ctx, edge.Add(-46*24*time.Hour), edge.Add(-45*24*time.Hour), 30*time.Minute, console.LateAfter)
			return err
		}},
		{"RUNNING as of 45 days ago", func(ctx context.Context) error {
			_, _, err := past.Runs.ListRuns(ctx, console.RunFilter{States: []scheduler.RunState{scheduler.Running}}, console.Cursor{}, pageSize)
			return err
		}},
		{"runs by job, all", func(ctx context.Context) error {
			_, err := ports.Stats.JobActivity(ctx, time.Time{}, end.Add(time.Microsecond))
			return err
		}},
		{"open runs by worker", func(ctx context.Context) error { _, err := ports.Stats.OpenRunsByWorker(ctx); return err }},
		{fmt.Sprintf("job list, %d jobs", jobs), func(ctx context.Context) error { _, err := ports.Jobs.ListJobs(ctx, console.RecentRuns); return err }},
	} {
		if err := measure(c.work, quick, c.ours); err != nil {
			return err
		}
	}
	return m.verify(ctx, a)
}

// verify notes how long checking everything takes.
func (m *archiveMeasure) verify(ctx context.Context, a *archive.Archive) error {
	took, err := timed(ctx, func(ctx context.Context) error {
		v, err := a.Verify(ctx, func(int64, int64) {})
		if err == nil && !v.Intact {
			err = fmt.Errorf("the archive is not what was written: %v", slices.Collect(slices.Values(v.Changed)))
		}
		return err
	})
	m.table.notes = append(m.table.notes, fmt.Sprintf("Verifying every row and index takes %s.", took.Round(100*time.Millisecond)))
	return err
}
