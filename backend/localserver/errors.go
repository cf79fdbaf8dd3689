package localserver

import (
	"strings"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// The reasons why a private server can't run, as the screens know them.
const (
	ReasonPostgresMissing = "postgres.missing"          // no PostgreSQL on this machine, and none could be fetched
	ReasonPostgresVersion = "postgres.version_missing"  // not the major version that made the data folder
	ReasonRedisMissing    = "redis.missing"             // no redis-server on this machine
	ReasonAccountMissing  = "postgres.account_missing"  // root, and no system user to run PostgreSQL as
	ReasonDiskFull        = "localserver.disk_full"     // not enough room in the folder
	ReasonDamaged         = "localserver.damaged"       // the server refuses its own data folder
	ReasonInUse           = "localserver.in_use"        // another live process runs the server in this folder
	ReasonUnreadable      = "localserver.unreadable"    // the folder can't be read, made or passed through
	ReasonNotReady        = "localserver.not_ready"     // started, but does not answer in time
	ReasonFailed          = "localserver.start_failed"  // ended for another reason; the log has its words
	ReasonPathTooLong     = "localserver.path_too_long" // no folder short enough for a Unix socket
)

const startOver = "`opsdeck sandbox reset` starts over"

// fullDisk is how the system, and so a server, says that there is no room.
var fullDisk = []string{"No space left on device", "File too large", "Disk quota exceeded"}

// explain turns the last words of a server that did not start into an error that says what to do. existing tells
// whether the folder held data before: new data can't be damaged.
func explain(server, dir, words string, existing bool) *scheduler.Error {
	said := func(any ...string) bool {
		for _, s := range any {
			if strings.Contains(words, s) {
				return true
			}
		}
		return false
	}
	var e *scheduler.Error
	switch {
	case said(fullDisk...):
		e = diskFull(dir)
	case said("ermission denied"):
		e = unreadable(dir)
	case said("already exists", "still in use", "another server might be running", "Address already in use"):
		e = inUse(dir)
	case existing:
		e = damaged(server, dir)
	default:
		e = scheduler.Errorf(scheduler.Internal, ReasonFailed, "%s did not start in %s; its log is in that folder", server, dir)
	}
	return e.With("server", server).With("dir", dir).Because(lastWords(words))
}

func diskFull(dir string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Unavailable, ReasonDiskFull,
		"the disk that holds %s is full: make room there, then start again", dir).With("dir", dir)
}

func unreadable(dir string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Forbidden, ReasonUnreadable,
		"%s can't be read and written by the user that runs the servers: correct its permissions or choose another folder", dir).
		With("dir", dir)
}

func inUse(dir string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Conflict, ReasonInUse,
		"another running process uses %s: end it, or choose another folder", dir).With("dir", dir)
}

func damaged(server, dir string) *scheduler.Error {
	return scheduler.Errorf(scheduler.Internal, ReasonDamaged,
		"the %s data in %s is damaged and the server refuses it; %s", server, dir, startOver).
		With("server", server).With("dir", dir)
}

// words is what a server printed before it ended.
type words string

func (w words) Error() string { return "the server's last words: " + string(w) }

func lastWords(s string) error {
	const keep = 2000
	if s = strings.TrimSpace(s); s == "" {
		return nil
	}
	if len(s) > keep {
		s = "…" + s[len(s)-keep:]
	}
	return words(s)
}
