package desktop

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/operations"
)

func TestAnEnvironmentThatNobodyUsesIsClosed(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			env := place("production", &ends)
			env.Idle = 30 * time.Minute
			return env, nil
		})
		s.openProfile("p", SecretInput{})
		synctest.Wait()
		for range 3 {
			time.Sleep(29 * time.Minute)
			s.Active()
		}
		first := s.tasks
		first.begin(wireTask(operations.BulkProgress{ID: "going", Total: 2}), func() {})
		time.Sleep(2 * time.Hour)
		if len(ends) != 0 {
			t.Fatalf("closed %v while it was used", ends)
		}
		first.update(wireTask(operations.BulkProgress{ID: "going", Total: 2, Over: true}))
		time.Sleep(31 * time.Minute)
		state := s.State()
		if len(ends) != 1 || state.Environment != nil || state.Opening == nil || state.Opening.ID != "p" || state.Opening.Error.Reason != "session.idle" {
			t.Errorf("closed %v; %+v", ends, state)
		}
		s.openProfile("p", SecretInput{})
		synctest.Wait()
		if s.State().Environment == nil {
			t.Error("it can't be opened again")
		}
		s.Close()
	})
}

func TestASandboxStaysOpen(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) { return place("sandbox", &ends), nil })
		s.StartSandbox()
		time.Sleep(48 * time.Hour)
		if s.State().Environment == nil || len(ends) != 0 {
			t.Errorf("closed %v", ends)
		}
		s.Close()
	})
}
