package desktop

import (
	"context"
	"crypto/rand"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// exportTask is an export of an archive. Its list's mutex guards it.
type exportTask struct {
	list     *exportTasks
	task     ExportTask
	order    ArchiveOrder
	exporter Exporter
	profile  string // of its environment
	begun    time.Time
	end      func()        // gives it up; nil while it doesn't run
	open     chan struct{} // closes when a pause is over; nil = it isn't paused
}

// exportTasks are the exports of archives of this window.
type exportTasks struct {
	mu    sync.Mutex
	tasks []*exportTask // the newest first
	told  time.Time
}

// exportPace is how often the page is told how far exports are.
const exportPace = 300 * time.Millisecond

func (l *exportTasks) begin(s *Session, o *opened, order ArchiveOrder) ExportTask {
	l.mu.Lock()
	defer l.mu.Unlock()
	title := order.Title
	if title == "" {
		title = filepath.Base(order.Path)
	}
	t := &exportTask{list: l, order: order, exporter: o.Exporter, profile: o.profile, begun: time.Now(), task: ExportTask{
		ID: rand.Text(), Environment: o.Name, Path: order.Path, Title: title,
	}}
	l.tasks = slices.Insert(l.tasks, 0, t)
	t.keep(s)
	t.run(s, o)
	return t.state(o)
}

// run starts the work, which ends with its environment. The mutex is held.
func (t *exportTask) run(s *Session, o *opened) {
	ctx, end := context.WithCancel(o.life)
	t.end, t.open = end, nil
	t.task.Phase, t.task.Error, t.task.Left = exportRunning, nil, false
	o.uses.Go(func() {
		defer end()
		err := t.exporter.Export(ctx, t.order, t.gate, func(p ArchiveProgress) { t.told(s, p) })
		t.over(ctx, s, err)
	})
}

// gate holds the work up while it is paused.
func (t *exportTask) gate(ctx context.Context) error {
	for {
		t.list.mu.Lock()
		open := t.open
		t.list.mu.Unlock()
		if open == nil {
			return ctx.Err()
		}
		select {
		case <-open:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (t *exportTask) told(s *Session, p ArchiveProgress) {
	l := t.list
	l.mu.Lock()
	t.task.Part, t.task.Finishing, t.task.Runs, t.task.Rows = p.Part, p.Finishing, float64(p.Runs), float64(p.Rows)
	t.task.Share, t.task.Resumed = p.Share, p.Resumed
	now := time.Now()
	tell := now.Sub(l.told) >= exportPace
	if tell {
		l.told = now
	}
	l.mu.Unlock()
	if tell {
		s.clock.changed("exports")
	}
}

func (t *exportTask) over(ctx context.Context, s *Session, err error) {
	stopped := ctx.Err() != nil
	if err != nil && !stopped {
		s.config.Log.ErrorContext(ctx, "exporting an archive", "path", t.order.Path, "error", err)
	}
	t.list.mu.Lock()
	t.end, t.open = nil, nil
	switch {
	case err == nil:
		t.task.Phase, t.task.Share = exportFinished, 1
		t.drop(s)
	case stopped:
		t.task.Phase = exportStopped
	default:
		t.task.Phase, t.task.Error = exportFailed, wireOptional(err)
	}
	t.list.mu.Unlock()
	s.clock.changed("exports")
}

func (t *exportTask) pause() {
	if t.task.Phase == exportRunning {
		t.task.Phase, t.open = exportPaused, make(chan struct{})
	}
}

func (t *exportTask) stop() {
	if t.end != nil {
		t.end()
	}
}

// goOn continues a task; o is the live environment, or nil.
func (t *exportTask) goOn(s *Session, o *opened) error {
	switch t.task.Phase {
	case exportPaused:
		close(t.open)
		t.task.Phase, t.open = exportRunning, nil
	case exportStopped, exportFailed:
		if o == nil || o.profile != t.profile || o.Exporter == nil {
			return scheduler.Errorf(scheduler.Unavailable, "export.elsewhere", "Open %s first: this export reads from there.", t.task.Environment).
				With("name", t.task.Environment)
		}
		t.exporter = o.Exporter
		t.run(s, o)
	}
	return nil
}

func (t *exportTask) state(live *opened) ExportTask {
	state := t.task
	state.Here = live != nil && live.profile == t.profile
	return state
}

func (l *exportTasks) list(live *opened) []ExportTask {
	l.mu.Lock()
	defer l.mu.Unlock()
	list := make([]ExportTask, len(l.tasks))
	for i, t := range l.tasks {
		list[i] = t.state(live)
	}
	return list
}

func (l *exportTasks) with(id string, do func(*exportTask) error) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.find(id)
	if at < 0 {
		return errNoExport()
	}
	return do(l.tasks[at])
}

// discard forgets a task that doesn't run.
func (l *exportTasks) discard(s *Session, id string) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	at := l.find(id)
	if at < 0 {
		return errNoExport()
	}
	t := l.tasks[at]
	if t.end != nil {
		return scheduler.Errorf(scheduler.Conflict, "export.runs", "Stop the export first.")
	}
	if t.task.Phase != exportFinished && s.config.Exports != nil {
		if err := s.config.Exports.Discard(t.order.Path); err != nil {
			return err
		}
	}
	t.drop(s)
	l.tasks = slices.Delete(l.tasks, at, at+1)
	return nil
}

// find gives where a task is; the mutex is held.
func (l *exportTasks) find(id string) int {
	return slices.IndexFunc(l.tasks, func(t *exportTask) bool { return t.task.ID == id })
}

func errNoExport() error {
	return scheduler.Errorf(scheduler.NotFound, "export.gone", "This export is no longer under way.")
}
