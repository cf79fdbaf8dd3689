package lists

import (
	"io"
	"time"

	"github.com/parquet-go/parquet-go"
	"github.com/parquet-go/parquet-go/compress/zstd"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ParquetFormat is the extension of Parquet files. It is no [export.Format]: its rows have types.
const ParquetFormat = "parquet"

// parquetRun is a run with the types that analysts want.
type parquetRun struct {
	ID             int64      `parquet:"id"`
	JobID          int64      `parquet:"job_id"`
	Job            string     `parquet:"job,dict"`
	Command        string     `parquet:"command,dict"`
	State          string     `parquet:"state,dict"`
	Attempt        int32      `parquet:"attempt"`
	Worker         string     `parquet:"worker,dict"`
	LeaderEpoch    *int64     `parquet:"leader_epoch,optional"`
	CreatedAt      time.Time  `parquet:"created_at,timestamp(microsecond)"`
	ScheduledFor   *time.Time `parquet:"scheduled_for,optional,timestamp(microsecond)"`
	AssignedAt     *time.Time `parquet:"assigned_at,optional,timestamp(microsecond)"`
	StartedAt      *time.Time `parquet:"started_at,optional,timestamp(microsecond)"`
	FinishedAt     *time.Time `parquet:"finished_at,optional,timestamp(microsecond)"`
	ExitCode       *int64     `parquet:"exit_code,optional"`
	Error          string     `parquet:"error"`
	LogRef         string     `parquet:"log_ref"`
	IdempotencyKey string     `parquet:"idempotency_key"`
	CPUSeconds     *float64   `parquet:"cpu_seconds,optional"`
	PeakRSSBytes   *int64     `parquet:"peak_rss_bytes,optional"`
	IOReadBytes    *int64     `parquet:"io_read_bytes,optional"`
	IOWriteBytes   *int64     `parquet:"io_write_bytes,optional"`
}

// The rows that are handed over together, and those of a group in the file, which are held in memory.
const (
	parquetBatch = 500
	parquetGroup = 50_000
)

// Parquet writes runs as Parquet, packed by zstd.
type Parquet struct {
	file  *parquet.GenericWriter[parquetRun]
	batch []parquetRun
	group int
}

// NewParquet begins to write into w.
func NewParquet(w io.Writer) *Parquet {
	return &Parquet{file: parquet.NewGenericWriter[parquetRun](w, parquet.Compression(&zstd.Codec{}), parquet.CreatedBy("opsdeck", "", ""))}
}

// Write adds a run.
func (w *Parquet) Write(r scheduler.Run) error {
	var exit *int64
	if r.ExitCode != nil {
		code := int64(*r.ExitCode)
		exit = &code
	}
	w.batch = append(w.batch, parquetRun{
		ID: int64(r.ID), JobID: int64(r.JobID), Job: r.JobName, Command: r.Command, State: string(r.State), Attempt: int32(r.Attempt), //nolint:gosec // the column is an int32
		Worker: r.AssignedWorker, LeaderEpoch: r.LeaderEpoch, CreatedAt: r.CreatedAt, ScheduledFor: r.ScheduledFor, AssignedAt: r.AssignedAt,
		StartedAt: r.StartedAt, FinishedAt: r.FinishedAt, ExitCode: exit, Error: r.ErrorSummary, LogRef: r.LogRef, IdempotencyKey: r.IdempotencyKey,
		CPUSeconds: r.CPUSeconds, PeakRSSBytes: r.PeakRSSBytes, IOReadBytes: r.IOReadBytes, IOWriteBytes: r.IOWriteBytes,
	})
	if len(w.batch) < parquetBatch {
		return nil
	}
	return w.flush()
}

func (w *Parquet) flush() error {
	n, err := w.file.Write(w.batch)
	w.batch = w.batch[:0]
	if w.group += n; err == nil && w.group >= parquetGroup {
		w.group = 0
		err = w.file.Flush()
	}
	return err
}

// Finish writes what is still held back, and the file's end.
func (w *Parquet) Finish() error {
	if err := w.flush(); err != nil {
		return err
	}
	return w.file.Close()
}
