package desktop

import (
	"context"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

var (
	archiveFrom = time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC)
	archiveTo   = archiveFrom.Add(24 * time.Hour)
)

// chest is an archive whose console is as of the moment that is asked for.
func chest(change func(*ArchiveFacts)) *Environment {
	facts := &ArchiveFacts{
		Path: "a.opsdeck", Source: "production", From: archiveFrom, To: archiveTo, Moment: archiveTo,
		Known: console.Knowledge{Fleet: console.Basis{Kind: console.Unknown}, Jobs: console.Basis{Kind: console.Exact}, Terms: console.Basis{Kind: console.Inferred}},
		At: func(_ context.Context, moment time.Time) (*console.Console, console.Knowledge, error) {
			return console.New(console.Ports{Identity: hourly(moment)}, time.Now, nil), console.Knowledge{Fleet: console.Basis{Kind: console.Sampled, Looked: &moment}}, nil
		},
	}
	if change != nil {
		change(facts)
	}
	return &Environment{ID: "a", Name: "a", Kind: "production", Console: deaf(), Archive: facts, Close: func() error { return nil }}
}

// hourly is an identity whose database is the hour of the moment.
type hourly time.Time

func (h hourly) Operator(context.Context) (console.Operator, error) {
	return console.Operator{Database: time.Time(h).Format("15:04")}, nil
}

func openChest(t *testing.T, change func(*ArchiveFacts)) *Session {
	t.Helper()
	s, _ := session(t, nil)
	s.config.Opener = chestOpener{change}
	if _, err := s.OpenArchive(OpenArchiveRequest{Path: "a.opsdeck"}); err != nil {
		t.Fatal(err)
	}
	return s
}

type chestOpener struct{ change func(*ArchiveFacts) }

func (chestOpener) OpenSandbox(context.Context, func(Progress)) (*Environment, error) {
	return nil, errors.New("no sandbox")
}

func (chestOpener) OpenProfile(context.Context, OpenRequest, func(Progress)) (*Environment, error) {
	return nil, errors.New("no profile")
}

func (c chestOpener) OpenArchive(context.Context, string) (*Environment, error) {
	return chest(c.change), nil
}

func TestAnArchiveIsLookedAtAsOfAnyMomentOfItsWindow(t *testing.T) {
	t.Parallel()
	s := openChest(t, nil)
	before := s.State()
	for at, want := range map[string]string{
		"2026-11-23T05:00:00Z":      "2026-11-23T05:00:00Z",
		"2026-11-23T14:00:00+09:00": "2026-11-23T05:00:00Z",
		"2020-01-01T00:00:00Z":      "2026-11-23T00:00:00Z",
		"2030-01-01T00:00:00Z":      "2026-11-24T00:00:00Z",
		"":                          "2026-11-24T00:00:00Z",
	} {
		state, err := s.SetMoment(MomentRequest{at})
		if err != nil {
			t.Fatal(err)
		}
		a := state.Environment.Archive
		if a.Moment != want || a.Fleet != (BasisState{Kind: "sampled", Looked: want}) {
			t.Errorf("%q gives %+v", at, a)
		}
		if state.Generation != before.Generation || state.Open[0].Key != before.Open[0].Key {
			t.Errorf("another moment is taken for another archive: %+v after %+v", state, before)
		}
	}
	if _, err := s.SetMoment(MomentRequest{"yesterday"}); Wire(err).Reason != "archive.bad_moment" {
		t.Errorf("no time: %v", err)
	}
}

func TestAnAnswerOfAnotherMomentIsDropped(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openChest(t, nil)
		release, answer := make(chan struct{}), make(chan error)
		go func() {
			_, err := lend(s, "slow", callTimeout, func(context.Context, *opened) (int, error) { <-release; return 1, nil })
			answer <- err
		}()
		synctest.Wait()
		if _, err := s.SetMoment(MomentRequest{"2026-11-23T05:00:00Z"}); err != nil {
			t.Fatal(err)
		}
		close(release)
		if err := <-answer; Wire(err).Reason != "session.switched" {
			t.Errorf("the late answer: %v", err)
		}
		operator, err := call(s, "operator", func(ctx context.Context, c *console.Console) (console.Operator, error) { return c.Operator(ctx) })
		if err != nil || operator.Database != "05:00" {
			t.Errorf("the next answer: %+v, %v", operator, err)
		}
		s.Close()
	})
}

func TestOnlyAnArchiveHasMoments(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, _ := session(t, func(context.Context, func(Progress)) (*Environment, error) { return place("live", new([]string)), nil })
		if _, err := s.SetMoment(MomentRequest{}); Wire(err).Reason != "session.closed" {
			t.Errorf("with nothing open: %v", err)
		}
		s.StartSandbox()
		synctest.Wait()
		if _, err := s.SetMoment(MomentRequest{}); Wire(err).Reason != "archive.live" {
			t.Errorf("of a cluster: %v", err)
		}
		s.Close()
	})
}

func TestAnArchiveIsCheckedWhileItIsLookedAt(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		found Trust
		err   error
		want  TrustState
	}{
		"intact": {want: TrustState{Phase: "checked", Changed: []string{}}},
		"changed": {
			found: Trust{Changed: []string{"run"}, FirstRow: 7, Signed: true, Signature: "good", Signer: "Kim", Fingerprint: "ab:cd", Chained: true, ChainBroken: 9},
			want: TrustState{
				Phase: "checked", Changed: []string{"run"}, FirstRow: "7", Signed: true, Signature: "good", Signer: "Kim", Fingerprint: "ab:cd",
				Chained: true, ChainBroken: "9",
			},
		},
		"unreadable": {
			err: scheduler.Errorf(scheduler.Invalid, "archive.torn", "It ends early."),
			want: TrustState{
				Phase: "failed", Done: 3, Total: 9, Changed: []string{}, Error: &WireError{Code: "invalid", Reason: "archive.torn", Message: "It ends early."},
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				goOn := make(chan struct{})
				s := openChest(t, func(f *ArchiveFacts) {
					f.Verify = func(_ context.Context, progress func(done, total int64)) (Trust, error) {
						progress(3, 9)
						<-goOn
						return test.found, test.err
					}
				})
				synctest.Wait()
				if got := s.State().Environment.Archive.Trust; got.Phase != "checking" || got.Done != 3 || got.Total != 9 {
					t.Errorf("while it is checked: %+v", got)
				}
				if _, err := s.SetMoment(MomentRequest{"2026-11-23T05:00:00Z"}); err != nil {
					t.Fatal(err)
				}
				close(goOn)
				synctest.Wait()
				if diff := cmp.Diff(test.want, s.State().Environment.Archive.Trust); diff != "" {
					t.Error(diff)
				}
				s.Close()
			})
		})
	}
}

func TestClosingAnArchiveEndsItsCheck(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended := false
		s := openChest(t, func(f *ArchiveFacts) {
			f.Verify = func(ctx context.Context, _ func(done, total int64)) (Trust, error) {
				<-ctx.Done()
				ended = true
				return Trust{}, ctx.Err()
			}
		})
		if _, err := s.SetMoment(MomentRequest{"2026-11-23T05:00:00Z"}); err != nil {
			t.Fatal(err)
		}
		if _, err := s.CloseArchive(ShowRequest{s.State().Open[0].Key}); err != nil || !ended || len(s.State().Open) != 0 {
			t.Errorf("%v, ended: %t", err, ended)
		}
		s.Close()
	})
}
