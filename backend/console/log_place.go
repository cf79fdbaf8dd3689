package console

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// LogKind says what kind of place a log is in.
type LogKind string

// The kinds of places.
const (
	LogNowhere    LogKind = "none"
	LogInDatabase LogKind = "database"
	LogAtAddress  LogKind = "http"
	LogInBucket   LogKind = "s3"
	LogOnWorker   LogKind = "worker" // a file on the host of the worker that ran it
)

// LogPlace is where the log of an attempt is.
type LogPlace struct {
	Kind    LogKind
	Ref     string // as the database has it: workers wrote it, and it may say anything
	Attempt int
}

var databaseLog = regexp.MustCompile(`^db:(\d{1,19})/(\d{1,9})$`)

// placeOfLog reads a log reference.
func placeOfLog(ref string, attempt int) LogPlace {
	place := LogPlace{Kind: LogOnWorker, Ref: ref, Attempt: attempt}
	scheme, _, _ := strings.Cut(ref, "://")
	switch {
	case ref == "":
		place.Kind = LogNowhere
	case databaseLog.MatchString(ref):
		place.Kind = LogInDatabase
		place.Attempt, _ = strconv.Atoi(databaseLog.FindStringSubmatch(ref)[2])
	case strings.EqualFold(scheme, "http"), strings.EqualFold(scheme, "https"):
		place.Kind = LogAtAddress
	case strings.EqualFold(scheme, "s3"):
		place.Kind = LogInBucket
	}
	return place
}

// placeOfAttempt finds the log of one attempt: nodes note on the attempt where its log was moved; the run itself tells of its
// last one only.
func placeOfAttempt(run scheduler.Run, attempts []scheduler.Attempt, number int) (place LogPlace, gone bool) {
	place = placeOfLog(run.LogRef, number)
	recorded := false
	for _, a := range attempts {
		recorded = recorded || a.Number == number
		if a.Number == number && a.LogRef != "" {
			return placeOfLog(a.LogRef, number), false
		}
		gone = gone || a.Number == number && a.LogGone
	}
	if place.Attempt != number || recorded && number != run.Attempt && place.Kind != LogInDatabase {
		place = LogPlace{Kind: LogInDatabase, Attempt: number}
	}
	return place, gone && place.Kind == LogInDatabase
}

// onWorker says on which worker's host a log lies and, where the host is known, how it can be fetched. Nothing is ever opened by a
// path: it is another host's, and the database may name any.
func onWorker(path string, run scheduler.Run, fleet scheduler.Fleet) error {
	host := ""
	for _, w := range fleet.Workers {
		if w.ID == run.AssignedWorker {
			host = hostOf(w.Address)
		}
	}
	err := scheduler.Errorf(scheduler.Unavailable, "log.on_worker",
		"The log is a file on the host of worker %s: %s. Fetch it from there.", run.AssignedWorker, path)
	if host == "" {
		err = scheduler.Errorf(scheduler.Unavailable, "log.on_gone_worker",
			"The log is a file on the host of worker %s, which no longer reports where that is: %s.", run.AssignedWorker, path)
	}
	return err.With("worker", run.AssignedWorker).With("path", path).With("host", host).With("fetch", copyCommand(host, path))
}

var plainHost = regexp.MustCompile(`^(?:[A-Za-z0-9][A-Za-z0-9.-]*|\[[0-9A-Fa-f:.]+\])$`)

// hostOf is the host of an address that a worker published; "" if it isn't one.
func hostOf(address string) string {
	at := strings.LastIndexByte(address, ':')
	if at < 0 || !plainHost.MatchString(address[:at]) {
		return ""
	}
	return address[:at]
}

// copyCommand is a line for a shell that fetches a file; "" where a path has characters that can't be trusted in a terminal.
func copyCommand(host, path string) string {
	odd := strings.ContainsFunc(path, func(r rune) bool { return !unicode.IsPrint(r) })
	if host == "" || odd || !strings.HasPrefix(path, "/") {
		return ""
	}
	return "scp '" + host + ":" + strings.ReplaceAll(path, "'", `'\''`) + "' ."
}
