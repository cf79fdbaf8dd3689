package desktop

import (
	"context"
	"errors"
	"slices"
	"testing"
	"testing/synctest"

	"github.com/opsdeck/opsdeck/backend/console"
)

// place is an environment that notes when it is closed.
func place(name string, ends *[]string) *Environment {
	return &Environment{ID: name, Name: name, Kind: "production", Console: deaf(), Close: func() error { *ends = append(*ends, name); return nil }}
}

// nameOf is a bound call that says which environment answered, once it is let go.
func nameOf(s *Session, release <-chan struct{}) (string, error) {
	return lend(s, "nameOf", callTimeout, func(_ context.Context, o *opened) (string, error) {
		if release != nil {
			<-release // deaf to its context, as a call may be that has its answer already
		}
		return o.Name, nil
	})
}

func TestSwitchingClosesTheOldEnvironmentBeforeTheNewOneOpens(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var story []string
		names := []string{"first", "second"}
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			name := names[0]
			names = names[1:]
			story = append(story, "open "+name)
			return place(name, &story), nil
		})
		s.openProfile("first", SecretInput{})
		synctest.Wait()
		first := s.State()
		release, answer := make(chan struct{}), make(chan error)
		go func() { _, err := nameOf(s, release); answer <- err }()
		synctest.Wait()
		go s.openProfile("second", SecretInput{})
		synctest.Wait()
		if s.State().Environment != nil || len(story) != 1 {
			t.Errorf("while a call of the first is under way: %v", story)
		}
		close(release)
		if err := <-answer; Wire(err).Reason != "session.switched" {
			t.Errorf("the late answer: %v", err)
		}
		synctest.Wait()
		second := s.State()
		if want := []string{"open first", "first", "open second"}; !slices.Equal(story, want) {
			t.Errorf("%v", story)
		}
		if second.Environment.Name != "second" || second.Generation <= first.Generation || second.Open[0].Key == first.Open[0].Key {
			t.Errorf("%+v after %+v", second, first)
		}
		if name, err := nameOf(s, nil); name != "second" || err != nil {
			t.Errorf("%q, %v", name, err)
		}
		s.Close()
	})
}

func TestAnArchiveIsShownBesideTheLiveEnvironment(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		names := []string{"live", "archive", "another"}
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) {
			name := names[0]
			names = names[1:]
			return place(name, &ends), nil
		})
		s.StartSandbox()
		synctest.Wait()
		live := s.State().Open[0].Key
		release, answer := make(chan struct{}), make(chan error)
		go func() { _, err := nameOf(s, release); answer <- err }()
		synctest.Wait()
		for _, path := range []string{"a", "b"} {
			if _, err := s.OpenArchive(OpenArchiveRequest{Path: path}); err != nil {
				t.Fatal(err)
			}
		}
		close(release)
		if err := <-answer; Wire(err).Reason != "session.switched" {
			t.Errorf("an answer of the live environment, late: %v", err)
		}
		state := s.State()
		if state.Environment.Archive == nil || state.Environment.Archive.Path != "b" || len(state.Open) != 3 || !state.Open[2].Shown {
			t.Errorf("%+v", state)
		}
		if _, err := NewRuns(s).PlanCancel(IDRequest{"1"}); Wire(err).Reason != "operation.archive" {
			t.Errorf("an operation: %v", err)
		}
		if state, err := s.Show(ShowRequest{live}); err != nil || state.Environment.Name != "live" {
			t.Errorf("%+v, %v", state, err)
		}
		for _, key := range []string{"guessed", live} {
			if _, err := s.CloseArchive(ShowRequest{key}); Wire(err).Reason != "session.not_open" {
				t.Errorf("closing %q as an archive: %v", key, err)
			}
		}
		shown, err := s.Show(ShowRequest{state.Open[1].Key})
		if err != nil || shown.Environment.Name != "archive" {
			t.Errorf("%+v, %v", shown, err)
		}
		if shown, err = s.CloseArchive(ShowRequest{state.Open[1].Key}); err != nil || shown.Environment.Name != "live" || len(shown.Open) != 2 {
			t.Errorf("after its archive is closed: %+v, %v", shown, err)
		}
		if _, err := s.Show(ShowRequest{state.Open[1].Key}); Wire(err).Reason != "session.not_open" {
			t.Errorf("a closed one: %v", err)
		}
		s.Close()
		if want := []string{"archive", "live", "another"}; !slices.Equal(ends, want) {
			t.Errorf("closed %v", ends)
		}
	})
}

func TestWhatCouldNotBeOpenedSaysWhyUntilSomethingElseIs(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := session(t, func(_ context.Context, progress func(Progress)) (*Environment, error) {
			progress(Progress{Step: "postgres"})
			return nil, errors.New("only for the log")
		})
		s.openProfile("p", SecretInput{})
		synctest.Wait()
		way := s.State().Opening
		if way == nil || way.ID != "p" || way.Step != "postgres" || way.Error == nil || way.Error.Code != "internal" {
			t.Errorf("%+v", way)
		}
		if s.State().Sandbox.Phase != "stopped" {
			t.Error("the sandbox is not what failed")
		}
		if state := s.CloseEnvironment(); state.Opening != nil {
			t.Errorf("%+v", state.Opening)
		}
	})
}

// The first screen may be gone to while something is open; then nothing answers, and nothing is closed.
func TestTheFirstScreenShowsNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var ends []string
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) { return place("live", &ends), nil })
		s.StartSandbox()
		synctest.Wait()
		if state, err := s.Show(ShowRequest{}); err != nil || state.Environment != nil || len(state.Open) != 1 {
			t.Errorf("%+v, %v", state, err)
		}
		if _, err := call(s, "any", func(context.Context, *console.Console) (int, error) { return 1, nil }); Wire(err).Reason != "session.closed" {
			t.Errorf("%v", err)
		}
		if len(ends) != 0 {
			t.Errorf("closed %v", ends)
		}
		s.Close()
	})
}
