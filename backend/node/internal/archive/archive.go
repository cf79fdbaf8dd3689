// Package archive takes logs out of the database whose time there is over, into S3-compatible storage where that is
// configured. The database keeps a text until the object has been found there again with its full length; whatever
// fails is tried again later and stands in nobody's way.
package archive

import (
	"context"
	"fmt"
	"log/slog"
	"strings"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/opsdeck/opsdeck/backend/node/internal/metrics"
	"github.com/opsdeck/opsdeck/backend/node/internal/settings"
	"github.com/opsdeck/opsdeck/backend/node/internal/store"
)

const (
	// atOnce is how many logs one round takes, uploads how many of them travel together.
	atOnce  = 16
	uploads = 2
	// lease is how long one round may take before another node takes its logs up.
	lease = 15 * time.Minute
	// roundsEvery is how many heartbeats lie between two looks when there is nothing to do.
	roundsEvery = 10
	// After a failure a node waits, twice as long each time.
	firstPause   = 5 * time.Second
	longestPause = 5 * time.Minute
	logRetry     = 10 * time.Minute
	aDay         = 24 * time.Hour
)

// Archiver is one node's share of the work. Several share it by claiming logs.
type Archiver struct {
	Store    *store.Store
	Settings *settings.Keeper
	Metrics  *metrics.Metrics
	Board    *metrics.Board
	Log      *slog.Logger
}

// Run works until ctx ends.
func (a *Archiver) Run(ctx context.Context) {
	pause := firstPause
	for {
		rest := roundsEvery * a.Settings.Values().HeartbeatInterval
		moved, err := a.round(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			a.Board.Report(metrics.NoArchive, "logs", "they stay in the database for now: "+err.Error())
			rest, pause = pause, min(2*pause, longestPause)
		default:
			a.Board.Clear(metrics.NoArchive, "logs")
			pause = firstPause
			if moved == atOnce {
				rest = 0
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(rest):
		}
	}
}

// round takes some logs out of the database, and tells how many. The error is of the last that failed.
func (a *Archiver) round(ctx context.Context) (int, error) {
	values := a.Settings.Values()
	if values.LogRetentionDays == 0 {
		return 0, nil
	}
	logs, err := a.Store.ClaimLogs(ctx, time.Duration(values.LogRetentionDays)*aDay, lease, atOnce)
	if err != nil || len(logs) == 0 {
		return 0, err
	}
	var bucket *bucket
	if values.Archive.Enabled {
		if bucket, err = open(values.Archive); err != nil {
			return 0, err
		}
		defer bucket.close()
	}
	ctx, cancel := context.WithTimeout(ctx, lease/2)
	defer cancel()
	var group errgroup.Group
	group.SetLimit(uploads)
	for _, log := range logs {
		group.Go(func() error {
			err := a.move(ctx, bucket, log)
			if ctx.Err() == nil {
				a.Metrics.Archived(err)
			}
			if err == nil {
				return nil
			}
			a.Log.Warn("a log stays in the database for now", "run", log.Run, "attempt", log.Attempt, "error", err)
			if later := a.Store.RetryLog(context.WithoutCancel(ctx), log, logRetry); later != nil {
				a.Log.Warn("a log can't be put off; its claim runs out by itself", "run", log.Run, "error", later)
			}
			return fmt.Errorf("run %d: %w", log.Run, err)
		})
	}
	return len(logs), group.Wait()
}

// move takes one log out of the database. Each step may be repeated.
func (a *Archiver) move(ctx context.Context, bucket *bucket, log store.OldLog) error {
	if log.LogRef == "" && log.Wanted {
		where, err := a.save(ctx, bucket, log)
		if err != nil {
			return err
		}
		if err := a.Store.LogMoved(ctx, log, where); err != nil {
			return err
		}
	}
	return a.Store.DeleteLog(ctx, log)
}

// save gives where the log is from now on: nowhere, if no storage is configured or it is empty.
func (a *Archiver) save(ctx context.Context, bucket *bucket, log store.OldLog) (logRef string, err error) {
	if bucket == nil {
		return "", nil
	}
	size, err := a.Store.LogSize(ctx, log)
	if err != nil || size == 0 {
		return "", err
	}
	return bucket.put(ctx, objectName(bucket.prefix, log), size, a.Store.LogReader(ctx, log))
}

// objectName is that of the schedulers in the field, <prefix>/<worker>/jobrun_<id>.log, with the attempt in later ones.
func objectName(prefix string, log store.OldLog) string {
	name := fmt.Sprintf("%s/jobrun_%d.log", strings.ReplaceAll(log.WorkerID, "/", "_"), log.Run)
	if log.Attempt > 0 {
		name = fmt.Sprintf("%s/jobrun_%d_attempt_%d.log", strings.ReplaceAll(log.WorkerID, "/", "_"), log.Run, log.Attempt)
	}
	if prefix = strings.Trim(prefix, "/"); prefix != "" {
		name = prefix + "/" + name
	}
	return name
}
