package write

import (
	"context"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// unwritable says what an error of the file means. Everything committed before it stays in the unfinished file.
func unwritable(path string, cause error) error {
	if errors.Is(cause, context.Canceled) || errors.Is(cause, context.DeadlineExceeded) {
		return cause
	}
	if _, known := errors.AsType[*scheduler.Error](cause); known {
		return cause
	}
	code := 0
	if e, ok := errors.AsType[*sqlite.Error](cause); ok {
		code = e.Code() & 0xff
	}
	switch code {
	case sqlite3.SQLITE_FULL:
		return scheduler.Errorf(scheduler.Unavailable, "export.disk_full",
			"The disk of %s is full. Make room and export again with the same choices: it goes on where it stopped.", path).With("path", path).Because(cause)
	case sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED:
		return scheduler.Errorf(scheduler.Conflict, "export.busy",
			"Another export is writing %s. Wait for it, or choose another name.", path).With("path", path).Because(cause)
	}
	return scheduler.Errorf(scheduler.Unavailable, "export.unwritable",
		"%s can't be written. Check that its folder exists, its rights, and the space on its disk.", path).With("path", path).Because(cause)
}
