package desktop

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// press is an Exporter that the test leads from part to part, and the book of what it has not finished.
type press struct {
	parts     chan error // an error ends the export, nil is a part; closed, it is finished
	orders    []ArchiveOrder
	discarded []string
	kept      []KeptExport
}

func (p *press) Export(ctx context.Context, order ArchiveOrder, gate func(context.Context) error, told func(ArchiveProgress)) error {
	p.orders = append(p.orders, order)
	for runs := int64(1); ; runs++ {
		if err := gate(ctx); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case err, more := <-p.parts:
			if err != nil || !more {
				return err
			}
			told(ArchiveProgress{Part: "runs", Runs: runs, Share: 0.5})
		}
	}
}

func (p *press) Unfinished() []KeptExport { return p.kept }

func (p *press) Keep(k KeptExport) error { p.kept = append(p.kept, k); return nil }

func (p *press) Drop(id string) error {
	p.kept = slices.DeleteFunc(p.kept, func(k KeptExport) bool { return k.ID == id })
	return nil
}

func (p *press) Discard(path string) error { p.discarded = append(p.discarded, path); return nil }

func (p *press) Signer(context.Context) (Signer, error) { return Signer{Name: "kim"}, nil }

// pressOpener opens live environments that a press exports.
func pressOpener(p *press) openerFunc {
	return func(context.Context, func(Progress)) (*Environment, error) {
		env := place("live", new([]string))
		env.Exporter = p
		return env, nil
	}
}

// pressRoom is a window with a live environment that can be exported.
func pressRoom(t *testing.T) (*Session, *Exports, *press) {
	t.Helper()
	p := &press{parts: make(chan error)}
	s, _ := session(t, pressOpener(p))
	s.config.Exports = p
	s.openProfile("live", SecretInput{})
	synctest.Wait()
	return s, NewExports(s), p
}

func TestAnExportIsPausedStoppedAndGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, p := pressRoom(t)
		started, err := e.StartArchive(ExportArchiveRequest{Path: "/tmp/a.opsdeck", Logs: true})
		if err != nil || started.Phase != "running" || started.Title != "a.opsdeck" || !started.Here {
			t.Fatalf("%+v, %v", started, err)
		}
		id := IDRequest{started.ID}
		do := func(what string, err error, phase string) {
			t.Helper()
			synctest.Wait()
			if got := e.Tasks().Tasks[0]; err != nil || got.Phase != phase {
				t.Fatalf("%s: %+v, %v", what, got, err)
			}
		}
		p.parts <- nil
		do("a part", nil, "running")
		if got := e.Tasks(); got.Tasks[0].Runs != 1 || got.Tasks[0].Share != 0.5 {
			t.Errorf("%+v", got)
		}
		do("a pause", e.PauseArchive(id), "paused")
		p.parts <- nil // what is under way comes to its end
		synctest.Wait()
		select {
		case p.parts <- nil:
			t.Fatal("it goes on while it is paused")
		default:
		}
		do("going on", e.ContinueArchive(id), "running")
		if err := e.DiscardArchive(id); Wire(err).Reason != "export.runs" {
			t.Errorf("discarded while it runs: %v", err)
		}
		do("a stop", e.StopArchive(id), "stopped")
		do("going on", e.ContinueArchive(id), "running")
		p.parts <- scheduler.Errorf(scheduler.Unavailable, "export.unwritable", "The disk is full.")
		do("a failure", nil, "failed")
		if got := e.Tasks().Tasks[0]; got.Error == nil || got.Error.Reason != "export.unwritable" {
			t.Errorf("%+v", got)
		}
		do("going on", e.ContinueArchive(id), "running")
		close(p.parts)
		do("the end", nil, "finished")
		if err := e.DiscardArchive(id); err != nil || len(e.Tasks().Tasks) != 0 || len(p.discarded) != 0 {
			t.Errorf("a finished archive was discarded with its task: %v, %v", p.discarded, err)
		}
		if len(p.orders) != 3 || p.orders[2].Path != "/tmp/a.opsdeck" || !p.orders[2].Logs {
			t.Errorf("%+v", p.orders)
		}
		s.Close()
	})
}

func TestAnExportStopsWithItsEnvironmentAndGoesOnInIt(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, p := pressRoom(t)
		started, err := e.StartArchive(ExportArchiveRequest{Path: "/tmp/a.opsdeck"})
		if err != nil {
			t.Fatal(err)
		}
		if err := e.PauseArchive(IDRequest{started.ID}); err != nil {
			t.Fatal(err)
		}
		s.CloseEnvironment()
		if got := e.Tasks().Tasks[0]; got.Phase != "stopped" || got.Here {
			t.Errorf("%+v", got)
		}
		if err := e.ContinueArchive(IDRequest{started.ID}); Wire(err).Reason != "export.elsewhere" {
			t.Errorf("it goes on without its environment: %v", err)
		}
		s.openProfile("another", SecretInput{})
		synctest.Wait()
		if err := e.ContinueArchive(IDRequest{started.ID}); Wire(err).Reason != "export.elsewhere" {
			t.Errorf("it goes on in another environment: %v", err)
		}
		s.openProfile("live", SecretInput{})
		synctest.Wait()
		if err := e.ContinueArchive(IDRequest{started.ID}); err != nil {
			t.Error(err)
		}
		close(p.parts)
		synctest.Wait()
		if got := e.Tasks().Tasks[0]; got.Phase != "finished" || !got.Here {
			t.Errorf("%+v", got)
		}
		s.Close()
	})
}

func TestAnExportGoesOnAfterTheProgramHasEnded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, p := pressRoom(t)
		from := time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
		req := ExportArchiveRequest{Path: "/tmp/a.opsdeck", Title: "Night", Filter: RunFilter{CreatedFrom: wireTime(from), States: []string{"FAILED"}}, Masks: []string{"x"}}
		if _, err := e.StartArchive(req); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		s.Close()
		ordered := p.orders[0]

		// What is kept is read again by another program.
		text, err := json.Marshal(p.kept)
		next := &press{parts: make(chan error)}
		if err = errors.Join(err, json.Unmarshal(text, &next.kept)); err != nil || len(next.kept) != 1 {
			t.Fatalf("%s, %v", text, err)
		}
		again := NewSession(Config{Opener: pressOpener(next), Exports: next, Emit: (&recorder{}).emit, Tick: time.Hour, Log: slog.New(slog.DiscardHandler)})
		e = NewExports(again)
		left := e.Tasks().Tasks
		if len(left) != 1 || left[0].Phase != "stopped" || !left[0].Left || left[0].Here || left[0].Title != "Night" {
			t.Fatalf("%+v", left)
		}
		id := IDRequest{left[0].ID}
		if err := e.ContinueArchive(id); Wire(err).Reason != "export.elsewhere" {
			t.Errorf("it goes on without its environment: %v", err)
		}
		again.openProfile("live", SecretInput{})
		synctest.Wait()
		if err := e.ContinueArchive(id); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		if diff := cmp.Diff(ordered, next.orders[0]); diff != "" {
			t.Errorf("it goes on with another order: %s", diff)
		}
		close(next.parts)
		synctest.Wait()
		if got := e.Tasks().Tasks[0]; got.Phase != "finished" || got.Left || len(next.kept) != 0 {
			t.Errorf("%+v, kept %+v", got, next.kept)
		}
		again.Close()
	})
}

func TestWhatAnEarlierWindowLeftCanBeDiscarded(t *testing.T) {
	t.Parallel()
	p := &press{kept: []KeptExport{{ID: "1", Profile: "live", Order: ArchiveOrder{Path: "/tmp/a.opsdeck"}}}}
	s := NewSession(Config{Exports: p, Emit: (&recorder{}).emit, Log: slog.New(slog.DiscardHandler)})
	defer s.Close()
	if err := NewExports(s).DiscardArchive(IDRequest{"1"}); err != nil || len(p.kept) != 0 || !slices.Equal(p.discarded, []string{"/tmp/a.opsdeck"}) {
		t.Errorf("%v, kept %+v, discarded %v", err, p.kept, p.discarded)
	}
}

func TestADiscardedExportLeavesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, p := pressRoom(t)
		started, err := e.StartArchive(ExportArchiveRequest{Path: "/tmp/a.opsdeck"})
		if err != nil {
			t.Fatal(err)
		}
		id := IDRequest{started.ID}
		if err := errors.Join(e.StopArchive(id), wait(), e.DiscardArchive(id)); err != nil || len(p.discarded) != 1 || len(e.Tasks().Tasks) != 0 {
			t.Errorf("%v, %v", p.discarded, err)
		}
		for _, err := range []error{e.StopArchive(id), e.PauseArchive(id), e.ContinueArchive(id), e.DiscardArchive(id)} {
			if Wire(err).Reason != "export.gone" {
				t.Errorf("a task that is gone: %v", err)
			}
		}
		s.Close()
	})
}

func wait() error { synctest.Wait(); return nil }

func TestAnArchiveIsNotExportedAgain(t *testing.T) {
	t.Parallel()
	s := openChest(t, nil)
	if _, err := NewExports(s).StartArchive(ExportArchiveRequest{Path: "/tmp/a.opsdeck"}); Wire(err).Reason != "export.not_here" {
		t.Errorf("%v", err)
	}
}

func TestAnIncidentHasAWindow(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, _ := pressRoom(t)
		if _, err := e.StartArchive(ExportArchiveRequest{Path: "/tmp/a.opsdeck", Incident: true}); Wire(err).Reason != "export.no_window" {
			t.Errorf("%v", err)
		}
		s.Close()
	})
}
