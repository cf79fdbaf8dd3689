package desktop

import (
	"cmp"
	"slices"
	"time"
)

// KeptExport is what is needed to go on with an export after the program has ended.
type KeptExport struct {
	ID          string       `json:"id"`
	Profile     string       `json:"profile"`     // of its environment
	Environment string       `json:"environment"` // its name
	Title       string       `json:"title"`
	Begun       time.Time    `json:"begun"`
	Order       ArchiveOrder `json:"order"`
}

// ExportBook keeps exports that have not ended, and what they have written.
type ExportBook interface {
	// Unfinished gives those that have left something to go on with.
	Unfinished() []KeptExport
	// Keep notes one that has begun.
	Keep(k KeptExport) error
	// Drop forgets one that is finished or discarded.
	Drop(id string) error
	// Discard removes what an unfinished one has left.
	Discard(path string) error
}

// restore lists the exports that an earlier window has left, stopped.
func (l *exportTasks) restore(book ExportBook) {
	if book == nil {
		return
	}
	left := book.Unfinished()
	slices.SortFunc(left, func(a, b KeptExport) int { return cmp.Or(b.Begun.Compare(a.Begun), cmp.Compare(a.ID, b.ID)) })
	for _, k := range left {
		l.tasks = append(l.tasks, &exportTask{list: l, order: k.Order, profile: k.Profile, begun: k.Begun, task: ExportTask{
			ID: k.ID, Environment: k.Environment, Path: k.Order.Path, Title: k.Title, Phase: exportStopped, Left: true,
		}})
	}
}

// keep notes an export, so that it can go on after the program has ended. Where nothing can be kept it works without.
func (t *exportTask) keep(s *Session) {
	if s.config.Exports == nil {
		return
	}
	err := s.config.Exports.Keep(KeptExport{
		ID: t.task.ID, Profile: t.profile, Environment: t.task.Environment, Title: t.task.Title, Begun: t.begun, Order: t.order,
	})
	if err != nil {
		s.config.Log.Warn("an export can't be gone on with after the program has ended", "path", t.order.Path, "error", err)
	}
}

// drop forgets an export that needs no going on.
func (t *exportTask) drop(s *Session) {
	if s.config.Exports == nil {
		return
	}
	if err := s.config.Exports.Drop(t.task.ID); err != nil {
		s.config.Log.Warn("an export that is over can't be forgotten", "path", t.order.Path, "error", err)
	}
}
