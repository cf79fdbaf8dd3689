package desktop

import (
	"context"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/export/lists"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ExportRunsRequest asks for the runs that match in a file.
type ExportRunsRequest struct {
	Filter RunFilter `json:"filter"`
	Format string    `json:"format"` // csv, ndjson or parquet
	Path   string    `json:"path"`
}

var runColumns = []string{
	"id", "job_id", "job", "state", "scheduled_for", "assigned_at", "started_at", "finished_at", "worker", "attempt", "leader_epoch", "exit_code",
	"error", "log_ref", "created_at",
}

// Export begins a file with the runs that match, newest first; Exports.Step writes it. Errors are cut as in the list.
func (r *Runs) Export(req ExportRunsRequest) (ExportState, error) {
	return call(r.session, "Runs.Export", func(context.Context, *console.Console) (ExportState, error) {
		filter, err := req.Filter.parse()
		if err != nil {
			return ExportState{}, err
		}
		if req.Format == lists.ParquetFormat {
			return r.session.exports.beginParquet(req.Path, filter)
		}
		return r.session.exports.begin(req.Path, export.Format(req.Format), runColumns,
			func(rows *export.Rows) func(context.Context, *console.Console) (int, bool, error) {
				return eachPage(filter, func(run scheduler.Run) error { return rows.Write(runCells(run)) })
			})
	})
}

func (x *exports) beginParquet(path string, filter console.RunFilter) (ExportState, error) {
	file, err := export.Create(path, lists.ParquetFormat, x.mayReplace(path))
	if err != nil {
		return ExportState{}, err
	}
	table := lists.NewParquet(file)
	return x.register(&writing{file: file, more: eachPage(filter, table.Write), flush: table.Finish}), nil
}

// eachPage gives what writes the runs that match, a page with each call, and tells how many they were and whether that was all.
func eachPage(filter console.RunFilter, write func(scheduler.Run) error) func(context.Context, *console.Console) (int, bool, error) {
	cursor := console.Cursor{}
	return func(ctx context.Context, c *console.Console) (int, bool, error) {
		page, err := c.ListRuns(ctx, filter, cursor, console.MaxPageSize)
		if err != nil {
			return 0, false, err
		}
		for _, run := range page.Runs {
			if err := write(run); err != nil {
				return 0, false, err
			}
		}
		n := len(page.Runs)
		if n > 0 {
			cursor = console.Older(page.Runs[n-1])
		}
		return n, !page.HasOlder, nil
	}
}

func runCells(r scheduler.Run) []export.Cell {
	number := func(n *int64) export.Cell {
		if n == nil {
			return export.Cell{}
		}
		return export.Cell{Text: strconv.FormatInt(*n, 10)}
	}
	var exit *int64
	if r.ExitCode != nil {
		code := int64(*r.ExitCode)
		exit = &code
	}
	at := func(t *time.Time) export.Cell { return export.Cell{Text: wireOptionalTime(t)} }
	return []export.Cell{
		{Text: wireID(r.ID)}, {Text: wireID(r.JobID)}, {Text: r.JobName}, {Text: string(r.State)}, at(r.ScheduledFor), at(r.AssignedAt), at(r.StartedAt),
		at(r.FinishedAt), {Text: r.AssignedWorker}, {Text: strconv.Itoa(r.Attempt)}, number(r.LeaderEpoch), number(exit), {Text: r.ErrorSummary},
		{Text: r.LogRef}, {Text: r.CreatedAt.UTC().Format(time.RFC3339Nano)},
	}
}
