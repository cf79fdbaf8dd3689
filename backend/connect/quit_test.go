//go:build linux

package connect_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/desktop"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/servertest"
	"github.com/opsdeck/opsdeck/backend/servertest/link"
)

// opener opens a site in the sandbox's place.
type opener struct{ *site }

func (o opener) OpenSandbox(context.Context, func(desktop.Progress)) (*desktop.Environment, error) {
	c := o.open()
	return &desktop.Environment{
		ID: "sandbox", Name: "Sandbox", Kind: "sandbox", Console: c.Console, Commands: c.Commands, Statements: c.Statements,
		Close: func() error { c.Close(); return nil },
	}, nil
}

func (o opener) OpenProfile(ctx context.Context, _ desktop.OpenRequest, progress func(desktop.Progress)) (*desktop.Environment, error) {
	return o.OpenSandbox(ctx, progress)
}

func (o opener) OpenArchive(ctx context.Context, _ string) (*desktop.Environment, error) {
	return o.OpenSandbox(ctx, nil)
}

// Whatever the network does when the window is closed, questions that are under way end, and nothing is left at either end.
func TestQuittingOverABadNetwork(t *testing.T) {
	t.Parallel()
	database := servertest.Database(t)
	logins := servertest.Gate(t, database)
	t.Run("each", func(t *testing.T) {
		for name, spoil := range spoilings {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				s := newSite(t, logins.Operator)
				session := desktop.NewSession(desktop.Config{Opener: opener{s}, Emit: func(string, any) {}, Log: slog.New(slog.DiscardHandler)})
				defer session.Close()
				session.StartSandbox()
				expect.Soon(t, "the environment is open", func() bool { return session.State().Environment != nil })
				ask := map[string]func() error{
					"runs":    func() error { _, err := desktop.NewRuns(session).List(desktop.ListRunsRequest{Size: 50}); return err },
					"workers": func() error { _, err := desktop.NewWorkers(session).List(); return err },
				}
				for what, one := range ask {
					if err := one(); err != nil {
						t.Fatalf("%s: %v", what, err)
					}
				}
				for _, way := range []*link.Link{s.postgres, s.redis, s.worker} {
					spoil(way)
				}
				var asked, underWay sync.WaitGroup
				for _, one := range ask {
					asked.Add(1)
					underWay.Go(func() { asked.Done(); _ = one() }) // an answer, or that nothing is open any more
				}
				asked.Wait()
				closed := make(chan struct{})
				go func() { defer close(closed); session.Close(); underWay.Wait() }()
				select {
				case <-closed:
				case <-time.After(boundCall):
					t.Error("it doesn't close")
					<-closed
				}
				s.deserted()
			})
		}
	})
	waitForNoSession(t, database)
}
