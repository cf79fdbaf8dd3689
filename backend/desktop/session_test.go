package desktop

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// openerFunc opens what a test says.
type openerFunc func(ctx context.Context, progress func(Progress)) (*Environment, error)

func (f openerFunc) OpenSandbox(ctx context.Context, progress func(Progress)) (*Environment, error) {
	return f(ctx, progress)
}

func (f openerFunc) OpenProfile(ctx context.Context, _ OpenRequest, progress func(Progress)) (*Environment, error) {
	return f(ctx, progress)
}

func (f openerFunc) OpenArchive(ctx context.Context, path string) (*Environment, error) {
	env, err := f(ctx, func(Progress) {})
	if err == nil {
		env.Archive = &ArchiveFacts{Path: path}
	}
	return env, err
}

// deaf is a console with no server behind it: every question to it panics.
func deaf() *console.Console {
	return console.New(console.Ports{Identity: nobody{}}, time.Now, slog.New(slog.DiscardHandler))
}

// nobody fails to say who the operator is.
type nobody struct{}

func (nobody) Operator(context.Context) (console.Operator, error) {
	return console.Operator{}, scheduler.Errorf(scheduler.Unavailable, "postgres.unreachable", "No answer.")
}

func session(t *testing.T, open openerFunc) (*Session, *recorder) {
	t.Helper()
	r := &recorder{}
	s := NewSession(Config{Version: "test", Opener: open, Emit: r.emit, Tick: time.Hour, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	return s, r
}

func TestSandboxOpensAndCloses(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		release := make(chan struct{})
		closed := 0
		s, r := session(t, func(_ context.Context, progress func(Progress)) (*Environment, error) {
			progress(Progress{Step: "history", Done: 3, Total: 9})
			<-release
			return &Environment{ID: "sandbox", Name: "Sandbox", Kind: "sandbox", Console: deaf(), Close: func() error { closed++; return nil }}, nil
		})
		s.StartSandbox()
		s.StartSandbox() // a second click changes nothing
		synctest.Wait()
		if got := s.State().Sandbox; got.Phase != "starting" || got.Step != "history" || got.Done != 3 || got.Total != 9 {
			t.Errorf("while it starts: %+v", got)
		}
		close(release)
		synctest.Wait()
		state := s.State()
		if state.Sandbox.Phase != "running" || state.Environment == nil || state.Environment.Kind != "sandbox" || !state.Environment.ReadOnly {
			t.Errorf("once started: %+v", state)
		}
		if n := r.count()["session"]; n < 2 {
			t.Errorf("the page was told of the session %d times", n)
		}
		if state := s.CloseEnvironment(); state.Environment != nil || state.Sandbox.Phase != "stopped" {
			t.Errorf("after closing: %+v", state)
		}
		s.Close()
		if closed != 1 {
			t.Errorf("the environment was closed %d times", closed)
		}
	})
}

func TestFailedStartSaysWhyAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tries := 0
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			if tries++; tries == 1 {
				return nil, scheduler.Errorf(scheduler.Unavailable, "sandbox.no_redis", "Redis is missing.")
			}
			return &Environment{Console: deaf(), Close: func() error { return errors.New("only for the log") }}, nil
		})
		s.StartSandbox()
		synctest.Wait()
		if got := s.State().Sandbox; got.Phase != "failed" || got.Error == nil || got.Error.Reason != "sandbox.no_redis" {
			t.Errorf("after a failed start: %+v", got)
		}
		s.StartSandbox()
		synctest.Wait()
		if got := s.State().Sandbox; got.Phase != "running" || got.Error != nil {
			t.Errorf("after the second: %+v", got)
		}
	})
}

func TestClosingWhileOpeningWaitsForTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ended sync.WaitGroup
		ended.Add(1)
		s, _ := session(t, func(ctx context.Context, _ func(Progress)) (*Environment, error) {
			defer ended.Done()
			<-ctx.Done()
			return nil, ctx.Err()
		})
		s.StartSandbox()
		state := s.CloseEnvironment()
		ended.Wait()
		if state.Sandbox.Phase != "stopped" || state.Sandbox.Error != nil {
			t.Errorf("giving up is no failure: %+v", state.Sandbox)
		}
	})
}

func TestCallsNeedAnEnvironment(t *testing.T) {
	t.Parallel()
	s, _ := session(t, nil)
	if _, err := NewRuns(s).List(ListRunsRequest{Size: 50}); Wire(err).Reason != "session.closed" {
		t.Errorf("got %v", err)
	}
}

func TestPanicInACallIsAnsweredWithAnApology(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			return &Environment{Console: deaf(), Close: func() error { return nil }}, nil
		})
		s.StartSandbox()
		synctest.Wait()
		if _, err := NewRuns(s).List(ListRunsRequest{Size: 50}); Wire(err).Code != "internal" {
			t.Errorf("got %v", err)
		}
		s.Close()
	})
}

func TestCallEndsWithItsEnvironmentAndItsTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			return &Environment{Console: deaf(), Close: func() error { return nil }}, nil
		})
		s.StartSandbox()
		synctest.Wait()
		wait := func(ctx context.Context, _ *console.Console) (struct{}, error) {
			<-ctx.Done()
			return struct{}{}, ctx.Err()
		}
		if _, err := call(s, "slow", wait); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("a slow call ended with %v", err)
		}
		result := make(chan error)
		go func() { _, err := call(s, "open", wait); result <- err }()
		synctest.Wait()
		s.Close()
		if err := <-result; !errors.Is(err, context.Canceled) {
			t.Errorf("a call of a closed environment ended with %v", err)
		}
	})
}

func TestReachedTakesKnownStagesOnly(t *testing.T) {
	t.Parallel()
	var seen []string
	s := NewSession(Config{Emit: func(string, any) {}, Mark: func(stage string) { seen = append(seen, stage) }, Log: slog.New(slog.DiscardHandler)})
	t.Cleanup(s.Close)
	for stage, ok := range map[string]bool{"painted": true, "live": true, "": false, "x\nopsdeck: window ready": false} {
		if err := s.Reached(ReachedRequest{Stage: stage}); (err == nil) != ok {
			t.Errorf("stage %q: %v", stage, err)
		}
	}
	if len(seen) != 2 {
		t.Errorf("announced %q", seen)
	}
}
