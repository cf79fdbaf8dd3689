// Package record looks at a cluster again and again and keeps what has changed in a file, so that an archive can tell later
// who led, which workers there were and how jobs were defined. It keeps no more than its limits allow.
package record

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Source is what is looked at. Jobs may be nil.
type Source struct {
	Fleet console.FleetStore
	Jobs  console.JobStore
}

// Options say where samples go and how much of them is kept. Zero values take the defaults.
type Options struct {
	Path   string
	Origin string // who looks, such as "window on ops-laptop"
	Every  time.Duration
	// JobsEvery is apart, because definitions change rarely and PostgreSQL is not to be asked often.
	JobsEvery time.Duration
	MaxAge    time.Duration
	MaxBytes  int64
	// Watching tells whether to look now; nil = always. A window that nobody sees asks nothing.
	Watching func() bool
	Now      func() time.Time
	Log      *slog.Logger
}

// The defaults.
const (
	DefaultEvery     = 5 * time.Second
	DefaultJobsEvery = time.Minute
	DefaultMaxAge    = 90 * 24 * time.Hour
	DefaultMaxBytes  = 256 << 20
)

// lookTimeout bounds one look.
const lookTimeout = 10 * time.Second

func (o Options) complete() Options {
	orDefault(&o.Every, DefaultEvery)
	orDefault(&o.JobsEvery, DefaultJobsEvery)
	orDefault(&o.MaxAge, DefaultMaxAge)
	orDefault(&o.MaxBytes, DefaultMaxBytes)
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o Options) watching() bool { return o.Watching == nil || o.Watching() }

func orDefault[T ~int64](value *T, otherwise T) {
	if *value <= 0 {
		*value = otherwise
	}
}

// Folder is where recordings lie unless somebody says otherwise.
func Folder() (string, error) {
	if data := os.Getenv("XDG_DATA_HOME"); filepath.IsAbs(data) {
		return filepath.Join(data, "opsdeck", "recordings"), nil
	}
	home, err := os.UserHomeDir()
	if err != nil {
		return "", scheduler.Errorf(scheduler.Unavailable, "record.no_folder",
			"There is no home folder to keep recordings in. Name a file with --file.").Because(err)
	}
	return filepath.Join(home, ".local", "share", "opsdeck", "recordings"), nil
}

// PathOf is the file of an environment below Folder. Signs that a file's name can't hold become underscores.
func PathOf(environment string) (string, error) {
	folder, err := Folder()
	if err != nil {
		return "", err
	}
	name := strings.Map(func(r rune) rune {
		if r == '-' || r == '.' || r >= '0' && r <= '9' || r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' {
			return r
		}
		return '_'
	}, environment)
	if strings.Trim(name, "._") == "" {
		return "", scheduler.Errorf(scheduler.Invalid, "record.bad_name", "%q is no name of an environment.", environment)
	}
	return filepath.Join(folder, name+".samples"), nil
}

// Run looks until ctx ends. A look that fails leaves a gap, and is told of once until one succeeds again.
func (r *Recorder) Run(ctx context.Context, source Source) error {
	fleet := time.NewTicker(r.options.Every)
	defer fleet.Stop()
	jobs := time.NewTicker(r.options.JobsEvery)
	defer jobs.Stop()
	if err := errors.Join(r.LookAtFleet(ctx, source.Fleet), r.lookAtJobs(ctx, source.Jobs)); err != nil && ctx.Err() == nil {
		return err
	}
	r.options.Log.InfoContext(ctx, "recording", "file", r.options.Path, "every", r.options.Every)
	for {
		var err error
		select {
		case <-ctx.Done():
			return nil
		case <-fleet.C:
			if !r.options.watching() {
				continue
			}
			err = r.LookAtFleet(ctx, source.Fleet)
		case <-jobs.C:
			if !r.options.watching() {
				continue
			}
			err = errors.Join(r.lookAtJobs(ctx, source.Jobs), r.Prune(ctx))
		}
		if err != nil && ctx.Err() == nil {
			return err
		}
	}
}

func (r *Recorder) lookAtJobs(ctx context.Context, jobs console.JobStore) error {
	if jobs == nil {
		return nil
	}
	return r.LookAtJobs(ctx, jobs)
}
