package record

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"

	"github.com/gofrs/flock"
	_ "modernc.org/sqlite" // the driver

	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Recorder writes one file. Nobody else writes it meanwhile; anybody may read it.
type Recorder struct {
	options Options
	lock    *flock.Flock
	db      *sql.DB

	mu     sync.Mutex // a look at a time
	topics map[sample.Topic]*memory
	jobs   map[scheduler.JobID]scheduler.Job
}

// applicationID says in the file's head what it is: "odSm".
const applicationID = 0x6f64536d

// version is the tables' shape.
const version = 1

// Open opens a file of samples, or makes it, and keeps others from writing to it until Close.
func Open(ctx context.Context, options Options) (*Recorder, error) {
	options = options.complete()
	r := &Recorder{
		options: options, lock: flock.New(options.Path+".lock", flock.SetPermissions(0o600)),
		topics: map[sample.Topic]*memory{sample.Fleet: {}, sample.Jobs: {}}, jobs: map[scheduler.JobID]scheduler.Job{},
	}
	if err := os.MkdirAll(filepath.Dir(options.Path), 0o700); err != nil {
		return nil, r.failed(err)
	}
	switch mine, err := r.lock.TryLock(); {
	case err != nil:
		return nil, r.failed(err)
	case !mine:
		return nil, scheduler.Errorf(scheduler.Conflict, "record.busy",
			"Another program records into %s already; its samples are as good.", options.Path).With("path", options.Path)
	}
	if err := r.open(ctx); err != nil {
		return nil, errors.Join(r.failed(err), r.Close())
	}
	return r, nil
}

func (r *Recorder) open(ctx context.Context) error {
	file, err := os.OpenFile(r.options.Path, os.O_RDWR|os.O_CREATE, 0o600) // SQLite would let others read it
	if err != nil {
		return err
	}
	if err := file.Close(); err != nil {
		return err
	}
	// The WAL lets an export read while samples are written, and a crash loses the last look at most.
	settings := url.Values{"_pragma": {
		"auto_vacuum(incremental)", "journal_mode(wal)", "synchronous(normal)", "busy_timeout(5000)", "trusted_schema(0)", "journal_size_limit(4194304)",
	}, "_txlock": {"immediate"}}
	if r.db, err = sql.Open("sqlite", location(r.options.Path)+"?"+settings.Encode()); err != nil {
		return err
	}
	r.db.SetMaxOpenConns(1)
	return r.transact(ctx, func(tx *sql.Tx) error {
		var id, v int
		if err := tx.QueryRowContext(ctx, `pragma application_id`).Scan(&id); err != nil {
			return err
		}
		if err := tx.QueryRowContext(ctx, `pragma user_version`).Scan(&v); err != nil {
			return err
		}
		switch {
		case id == 0 && v == 0:
			_, err := tx.ExecContext(ctx, fmt.Sprintf("%s;pragma application_id = %d;pragma user_version = %d", sample.Schema, applicationID, version))
			return err
		case id != applicationID || v != version:
			return scheduler.Errorf(scheduler.Invalid, "record.foreign_file", "%s is no file of samples that this version can write.", r.options.Path).
				With("path", r.options.Path)
		}
		return nil
	})
}

// Close ends the recording and lets others write the file.
func (r *Recorder) Close() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	var closed error
	if r.db != nil {
		closed = r.db.Close()
	}
	return errors.Join(closed, r.lock.Unlock())
}

// Reading is a file of samples, open to be read.
type Reading struct{ *sql.DB }

// Read opens a file of samples without changing it, also while somebody writes it.
func Read(path string) (Reading, error) {
	if _, err := os.Stat(path); errors.Is(err, fs.ErrNotExist) {
		return Reading{}, scheduler.Errorf(scheduler.NotFound, "record.none", "There is no recording at %s.", path).With("path", path)
	}
	db, err := sql.Open("sqlite", location(path)+"?mode=ro&_pragma=query_only(1)&_pragma=trusted_schema(0)&_pragma=busy_timeout(5000)")
	return Reading{db}, err
}

func isNone(err error) bool { return scheduler.CodeOf(err) == scheduler.NotFound }

func (r *Recorder) transact(ctx context.Context, do func(*sql.Tx) error) error {
	tx, err := r.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := do(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (r *Recorder) failed(err error) error {
	if _, known := errors.AsType[*scheduler.Error](err); known {
		return err
	}
	return scheduler.Errorf(scheduler.Unavailable, "record.unwritable",
		"Samples can't be written to %s. Check the rights of its folder and the space on its disk.", r.options.Path).With("path", r.options.Path).Because(err)
}

// location is a path as SQLite's driver takes it: signs such as ? and % have a meaning there.
func location(path string) string {
	path = filepath.ToSlash(path)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive's letter
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
