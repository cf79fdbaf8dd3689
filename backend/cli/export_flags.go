package cli

import (
	"context"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/opsdeck/opsdeck/backend/connect"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// exportFlags are the choices of an export.
type exportFlags struct {
	profile, urlFile string

	states            []string
	job               int64
	worker, text      string
	epoch             int64
	from, before      string
	shortest, longest time.Duration
	later             time.Duration
	attempt           int
	incident          bool
	noLogs, noIndex   bool
	replace           bool
	title             string
	notes, masks      []string
	sign              bool
	samples           string
}

func (e *exportFlags) add(c *cobra.Command) {
	f := c.Flags()
	f.StringVar(&e.profile, "profile", "", "the profile to read, by its name")
	f.StringVar(&e.urlFile, "postgres-url-file", "", "file with the database's URL")
	f.StringArrayVar(&e.states, "state", nil, "only runs in this state; may be repeated")
	f.Int64Var(&e.job, "job", 0, "only runs of this job, by its id")
	f.StringVar(&e.worker, "worker", "", "only runs of this worker")
	f.Int64Var(&e.epoch, "epoch", -1, "only runs that the leader of this epoch assigned")
	f.StringVar(&e.from, "from", "", "only runs that were made at this time or later; a length of time means so long ago")
	f.StringVar(&e.before, "before", "", "only runs that were made before this time")
	f.DurationVar(&e.shortest, "min-duration", 0, "only runs that took at least as long")
	f.DurationVar(&e.longest, "max-duration", 0, "only runs that took at most as long")
	f.DurationVar(&e.later, "later-than", 0, "only runs that started so much later than they were due")
	f.IntVar(&e.attempt, "min-attempt", 0, "only runs that were tried again so often")
	f.StringVar(&e.text, "error", "", "only runs whose error has this text")
	f.BoolVar(&e.incident, "incident", false, "also take what was in somebody's hand in the window")
	f.BoolVar(&e.noLogs, "no-logs", false, "leave the logs out")
	f.BoolVar(&e.noIndex, "no-log-index", false, "make no index of the logs' texts: smaller and sooner done, but slow to search")
	f.BoolVar(&e.replace, "replace", false, "replace FILE if it is there")
	f.StringVar(&e.title, "title", "", "what the archive is called")
	f.StringArrayVar(&e.notes, "note", nil, "a note to put into the archive; may be repeated")
	f.StringArrayVar(&e.masks, "mask", nil, "a regular expression of what to mask in documents, errors and logs; may be repeated")
	f.StringVar(&e.samples, "samples", "", "take along the samples of this file, which “opsctl record” has written")
	f.BoolVar(&e.sign, "sign", false, "sign the archive with your key from the keyring")
}

// filter makes the filter of the list of runs.
func (e *exportFlags) filter(now time.Time) (console.RunFilter, error) {
	f := console.RunFilter{
		JobID: scheduler.JobID(e.job), WorkerID: e.worker, ErrorText: e.text, MinDuration: e.shortest, MaxDuration: e.longest, LaterThan: e.later,
		MinAttempt: e.attempt,
	}
	for _, s := range e.states {
		f.States = append(f.States, scheduler.RunState(strings.ToUpper(s)))
	}
	if e.epoch >= 0 {
		f.Epoch = &e.epoch
	}
	for text, into := range map[*string]**time.Time{&e.from: &f.CreatedFrom, &e.before: &f.CreatedBefore} {
		if *text == "" {
			continue
		}
		at, err := parseWhen(*text, now)
		if err != nil {
			return f, err
		}
		*into = &at
	}
	return f, f.Check()
}

// parseWhen reads a time, a day, or how long ago.
func parseWhen(text string, now time.Time) (time.Time, error) {
	if ago, err := time.ParseDuration(text); err == nil && ago > 0 {
		return now.Add(-ago).UTC().Truncate(time.Microsecond), nil
	}
	for _, layout := range []string{time.RFC3339Nano, "2006-01-02T15:04Z07:00", time.DateOnly} {
		if at, err := time.ParseInLocation(layout, text, time.Local); err == nil {
			return at.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, badTime(text)
}

// open connects to what is exported, and finds the samples that belong to it.
func (e *exportFlags) open(ctx context.Context, cmd *cobra.Command) (history.Source, func(), place, error) {
	if e.samples != "" { // a file that is named must be there
		recorded, err := record.Read(e.samples)
		if err != nil {
			return history.Source{}, nil, place{}, err
		}
		if err := recorded.Close(); err != nil {
			return history.Source{}, nil, place{}, err
		}
	}
	source, done, from, err := e.connect(ctx, cmd)
	if e.samples != "" {
		source.Samples = record.Samples{Path: e.samples}
	}
	return source, done, from, err
}

func (e *exportFlags) connect(ctx context.Context, cmd *cobra.Command) (history.Source, func(), place, error) {
	if e.profile == "" {
		url, err := databaseURL(e.urlFile)
		if err != nil {
			return history.Source{}, nil, place{}, err
		}
		source, done, err := connect.HistoryAt(ctx, url, quiet())
		return source, done, place{}, err
	}
	access, err := openAccess(ctx, cmd, e.profile)
	if err != nil {
		return history.Source{}, nil, place{}, err
	}
	p := access.Profile
	source, done, err := connect.OpenHistory(ctx, p, access.Secrets, quiet())
	if samples, none := record.PathOf(p.ID); none == nil { // without a folder for recordings there are none
		source.Samples = record.Samples{Path: samples}
	}
	return source, done, place{id: p.ID, name: p.Name, stage: string(p.Kind)}, err
}
