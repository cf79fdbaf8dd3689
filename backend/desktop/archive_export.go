package desktop

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// ArchiveOrder says what goes into an archive.
type ArchiveOrder struct {
	Path     string
	Replace  bool
	Incident bool // everything of a window of time, and not a list of runs
	Title    string
	Filter   console.RunFilter // its times are the archive's window
	Logs     bool
	Note     string
	Masks    []string
	Sign     bool
	TimeZone string
}

// ArchiveProgress is how far an archive is.
type ArchiveProgress struct {
	Part      string // what is read; a key that the screens translate
	Finishing bool   // everything is read: indexes, totals and digests are made
	Runs      int64
	Rows      int64
	Share     float64 // of the window, or of finishing
	Resumed   bool    // an export that had stopped goes on
}

// Exporter writes archives of an environment.
type Exporter interface {
	// Export writes one. It goes on where an earlier one of the same order stopped. gate is asked between two parts of the work
	// and holds it up while it is paused.
	Export(ctx context.Context, order ArchiveOrder, gate func(context.Context) error, told func(ArchiveProgress)) error
	// Signer tells who would sign, or why nobody can.
	Signer(ctx context.Context) (Signer, error)
}

// ExportArchiveRequest orders an archive of the environment that is shown.
type ExportArchiveRequest struct {
	Path     string    `json:"path"`
	Incident bool      `json:"incident"`
	Title    string    `json:"title"`
	Filter   RunFilter `json:"filter"`
	Logs     bool      `json:"logs"`
	Note     string    `json:"note"`
	Masks    []string  `json:"masks"`
	Sign     bool      `json:"sign"`
	TimeZone string    `json:"timeZone"`
}

// The phases of an export.
const (
	exportRunning  = "running"
	exportPaused   = "paused"
	exportStopped  = "stopped" // by the operator, or with its environment; it can go on
	exportFailed   = "failed"  // it can be tried again
	exportFinished = "finished"
)

// ExportTask is how far the export of an archive is.
type ExportTask struct {
	ID          string     `json:"id"`
	Environment string     `json:"environment"` // its name
	Path        string     `json:"path"`
	Title       string     `json:"title"`
	Phase       string     `json:"phase"` // running, paused, stopped, failed or finished
	Part        string     `json:"part"`
	Finishing   bool       `json:"finishing"`
	Runs        float64    `json:"runs"`
	Rows        float64    `json:"rows"`
	Share       float64    `json:"share"`
	Resumed     bool       `json:"resumed"`
	Here        bool       `json:"here"` // its environment is the live one, so that it can go on
	Left        bool       `json:"left"` // the program ended before it did, and it has not gone on yet
	Error       *WireError `json:"error,omitempty"`
}

// ExportTasks are the exports of this window, the newest first.
type ExportTasks struct {
	Tasks []ExportTask `json:"tasks"`
}

// StartArchive begins an archive of the environment that is shown and returns at once; the topic "exports" tells of its
// progress.
func (e *Exports) StartArchive(req ExportArchiveRequest) (ExportTask, error) {
	s := e.session
	o := s.borrow()
	if o == nil {
		return ExportTask{}, errClosed()
	}
	defer o.uses.Done()
	if o.Exporter == nil {
		return ExportTask{}, errNotExported()
	}
	filter, err := req.Filter.parse()
	if err != nil {
		return ExportTask{}, err
	}
	if req.Incident && (filter.CreatedFrom == nil || filter.CreatedBefore == nil || !filter.CreatedFrom.Before(*filter.CreatedBefore)) {
		return ExportTask{}, scheduler.Errorf(scheduler.Invalid, "export.no_window", "Choose a window of time whose end is after its beginning.")
	}
	order := ArchiveOrder{
		Path: req.Path, Replace: s.exports.mayReplace(req.Path), Incident: req.Incident, Title: req.Title, Filter: filter, Logs: req.Logs,
		Note: req.Note, Masks: req.Masks, Sign: req.Sign, TimeZone: req.TimeZone,
	}
	task := s.archiving.begin(s, o, order)
	s.clock.changed("exports")
	return task, nil
}

// Tasks gives the exports of archives.
func (e *Exports) Tasks() ExportTasks {
	s := e.session
	s.mu.Lock()
	live := s.live
	s.mu.Unlock()
	return ExportTasks{Tasks: s.archiving.list(live)}
}

// PauseArchive holds an export up after the part that it is at.
func (e *Exports) PauseArchive(req IDRequest) error {
	return e.session.archiving.with(req.ID, func(t *exportTask) error { t.pause(); return nil })
}

// ContinueArchive lets an export go on that was paused, has stopped, or has failed.
func (e *Exports) ContinueArchive(req IDRequest) error {
	s := e.session
	o := s.borrowLive()
	if o != nil {
		defer o.uses.Done()
	}
	return s.archiving.with(req.ID, func(t *exportTask) error { return t.goOn(s, o) })
}

// StopArchive ends an export; what is written stays, so that it can go on.
func (e *Exports) StopArchive(req IDRequest) error {
	return e.session.archiving.with(req.ID, func(t *exportTask) error { t.stop(); return nil })
}

// DiscardArchive forgets an export, and removes what an unfinished one has written.
func (e *Exports) DiscardArchive(req IDRequest) error {
	return e.session.archiving.discard(e.session, req.ID)
}

// ShareOf is how far into a window a moment is.
func ShareOf(from, at, to time.Time) float64 {
	if !from.Before(to) || !from.Before(at) {
		return 0
	}
	return min(1, float64(at.Sub(from))/float64(to.Sub(from)))
}
