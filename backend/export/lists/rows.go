package lists

import (
	"encoding/json"
	"io"
	"strconv"
	"time"

	"github.com/opsdeck/opsdeck/backend/export"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// columns are those of CSV and NDJSON, and, with their types, of Parquet.
var columns = []string{
	"id", "job_id", "job", "command", "state", "attempt", "worker", "leader_epoch", "created_at", "scheduled_for", "assigned_at", "started_at",
	"finished_at", "exit_code", "error", "log_ref", "idempotency_key", "cpu_seconds", "peak_rss_bytes", "io_read_bytes", "io_write_bytes",
}

// rows writes CSV or NDJSON.
type rows struct{ rows *export.Rows }

func newRows(w io.Writer, format export.Format) (writer, error) {
	r, err := export.NewRows(w, format, columns)
	return rows{r}, err
}

// Finish writes what is still held back.
func (w rows) Finish() error { return w.rows.Flush() }

// Write adds a run.
func (w rows) Write(r scheduler.Run) error {
	return w.rows.Write([]export.Cell{
		text(strconv.FormatInt(int64(r.ID), 10)), text(strconv.FormatInt(int64(r.JobID), 10)), text(r.JobName), text(r.Command), text(string(r.State)),
		number(&r.Attempt), text(r.AssignedWorker), number(r.LeaderEpoch), moment(&r.CreatedAt), moment(r.ScheduledFor), moment(r.AssignedAt),
		moment(r.StartedAt), moment(r.FinishedAt), number(r.ExitCode), text(r.ErrorSummary), text(r.LogRef), text(r.IdempotencyKey), real(r.CPUSeconds),
		number(r.PeakRSSBytes), number(r.IOReadBytes), number(r.IOWriteBytes),
	})
}

func text(s string) export.Cell { return export.Cell{Text: s} }

func number[T ~int | ~int64](n *T) export.Cell {
	if n == nil {
		return export.Cell{}
	}
	return export.Cell{Raw: json.RawMessage(strconv.FormatInt(int64(*n), 10))}
}

func real(n *float64) export.Cell {
	if n == nil {
		return export.Cell{}
	}
	return export.Cell{Raw: json.RawMessage(strconv.FormatFloat(*n, 'g', -1, 64))}
}

func moment(t *time.Time) export.Cell {
	if t == nil {
		return export.Cell{}
	}
	return export.Cell{Text: t.UTC().Format(time.RFC3339Nano)}
}
