package archive

import (
	"context"
	"errors"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// explain says what an error of the driver means to an operator.
func (a *Archive) explain(err error) error {
	if err == nil {
		return nil
	}
	if _, known := errors.AsType[*scheduler.Error](err); known {
		return err
	}
	code := 0
	if e, ok := errors.AsType[*sqlite.Error](err); ok {
		code = e.Code() & 0xff
	}
	switch {
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled), code == sqlite3.SQLITE_INTERRUPT:
		return scheduler.Errorf(scheduler.Unavailable, "archive.timeout", "The archive did not answer in time. Narrow the question by a time range.").Because(err)
	case code == sqlite3.SQLITE_IOERR || code == sqlite3.SQLITE_CANTOPEN || code == sqlite3.SQLITE_PERM:
		return scheduler.Errorf(scheduler.Unavailable, "archive.unreadable", "%s can't be read. Check its rights and its disk.", a.path).
			With("path", a.path).Because(err)
	}
	return scheduler.Errorf(scheduler.Invalid, "archive.damaged",
		"%s is damaged, or something else made it look like an archive. Fetch it again from where it was made.", a.path).With("path", a.path).Because(err)
}
