package console

import (
	"regexp"
	"strconv"
	"strings"

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
	LogElsewhere  LogKind = "other"  // an address of a kind that is never opened
)

// LogPlace is where the log of an attempt is.
type LogPlace struct {
	Kind    LogKind
	Ref     string // as the database has it: workers wrote it, and it may say anything
	Attempt int
}

// schemeOfRef is how an address begins, but no path: neither one of Windows' drives.
var schemeOfRef = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]+:`)

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
	case schemeOfRef.MatchString(ref):
		place.Kind = LogElsewhere
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
