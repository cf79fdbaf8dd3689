package console

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// onWorker says on which worker's host a log lies and, where the host is known, how it can be fetched. Nothing is ever opened by a
// path: it is another host's, and the database may name any.
func onWorker(place LogPlace, detail RunDetail, fleet scheduler.Fleet) error {
	worker := detail.Run.AssignedWorker
	for _, a := range detail.Attempts {
		if a.Number == place.Attempt && a.WorkerID != "" {
			worker = a.WorkerID
		}
	}
	host := ""
	for _, w := range fleet.Workers {
		if w.ID == worker {
			host = hostOf(w.Address)
		}
	}
	err := scheduler.Errorf(scheduler.Unavailable, "log.on_worker",
		"The log is a file on the host of worker %s: %s. Fetch it from there.", worker, place.Ref)
	if host == "" {
		err = scheduler.Errorf(scheduler.Unavailable, "log.on_gone_worker",
			"The log is a file on the host of worker %s, which no longer reports where that is: %s.", worker, place.Ref)
	}
	fetch, shell := copyCommand(host, place.Ref, fmt.Sprintf("run-%d-%d.log", detail.Run.ID, place.Attempt))
	return err.With("worker", worker).With("path", place.Ref).With("host", host).With("fetch", fetch).With("shell", shell)
}

var (
	plainHost = regexp.MustCompile(`^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])$`)
	// plainPath is a path that means the same to every shell.
	plainPath = regexp.MustCompile(`^/[A-Za-z0-9_./+@=:,-]*$`)
)

// hostOf is the host of an address that a worker published; "" if it isn't one.
func hostOf(address string) string {
	at := strings.LastIndexByte(address, ':')
	if at < 0 || !plainHost.MatchString(address[:at]) {
		return ""
	}
	return address[:at]
}

// copyCommand is a line that fetches a file, and the shell that it is for: "any", or "posix" where the path has to be quoted. Both are
// "" where a path has characters that can't be trusted in a terminal. scp isn't given what needs quotes: its older versions hand
// the path to a shell at the other end once more, its newer ones don't.
func copyCommand(host, path, name string) (line, shell string) {
	odd := strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) })
	switch {
	case host == "" || odd || !strings.HasPrefix(path, "/"):
		return "", ""
	case plainPath.MatchString(path):
		return fmt.Sprintf(`scp "%s:%s" %s`, host, path, name), "any"
	}
	return fmt.Sprintf("ssh %s %s > %s", strings.Trim(host, "[]"), quoted("cat -- "+quoted(path)), name), "posix"
}

// quoted is a text as one word of a POSIX shell.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'" }
