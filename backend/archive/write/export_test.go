package write_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestAnArchiveHoldsWhatTheClusterHas(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	for name, url := range map[string]string{"the scheduler's login": c.url, "a viewer": c.logins.Viewer} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			a := export(t, c.source(url), o)
			v := verify(t, a)
			if !v.Intact || len(v.Signatures) > 0 {
				t.Errorf("it is not as it was written: %+v", v.Changed)
			}
			want := map[string]int64{"job": 3, "run": 3000, "attempt": 3000, "log": 300, "run_args": 30, "term": 3, "event": 50, "setting": 2, "reload": 1}
			for part, n := range want {
				if got := a.Facts().Rows[part]; got != n {
					t.Errorf("%s has %d rows, not %d", part, got, n)
				}
			}
			if name == "a viewer" {
				if v.Chain == nil || !v.Chain.OK || v.Chain.Checked < 40 {
					t.Errorf("the audit's chain: %+v", v.Chain)
				}
			}
			file, err := os.ReadFile(o.Path)
			if err != nil {
				t.Fatal(err)
			}
			for _, secret := range planted {
				if bytes.Contains(file, []byte(secret)) {
					t.Errorf("%s is in the file", secret)
				}
			}
			if info, err := os.Stat(o.Path); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("others may read it: %v, %v", info.Mode(), err)
			}
			left, err := os.ReadDir(o.Path[:len(o.Path)-len("/a.opsdeck")])
			if err != nil || len(left) != 1 {
				t.Errorf("%d files are left, %v", len(left), err)
			}
		})
	}
}

func TestAnArchiveAnswersAsTheClusterDoes(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	ports := export(t, source, options(t)).Ports(time.Time{})
	run, err := ports.Runs.Run(t.Context(), 700)
	if err != nil {
		t.Fatal(err)
	}
	if run.State != scheduler.Failed || string(run.Args) != `{"n": 12345678901234567890, "password": "<masked>"}` || run.ErrorSummary != "exit at postgres://u:<masked>@db/700" {
		t.Errorf("%+v", run)
	}
	part, err := ports.Logs.LogPart(t.Context(), 700, 0, 1, 1<<20)
	if err != nil || part.More || len(part.Chunks) != 2 || part.State != scheduler.Failed {
		t.Fatalf("%v %+v", err, part)
	}
	if first := part.Chunks[0]; string(first.Data) != "line 2 of 700 漢字\n" || first.Stream != "stderr" || first.Seq != 2 {
		t.Errorf("%+v", first)
	}
}

func TestAFilterAndAWindowNarrowWhatIsTaken(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	from, before := day.Add(2*time.Hour), day.Add(3*time.Hour)
	for name, narrow := range map[string]struct {
		change func(*write.Options)
		runs   int64
	}{
		"failed ones":              {func(o *write.Options) { o.Filter.States = []scheduler.RunState{scheduler.Failed} }, 428},
		"a window":                 {func(o *write.Options) { o.Filter.CreatedFrom, o.Filter.CreatedBefore = &from, &before }, 211},
		"what was in hand in it":   {func(o *write.Options) { o.Filter.CreatedFrom, o.Filter.CreatedBefore, o.Reach = &from, &before, true }, 214},
		"a window without any run": {func(o *write.Options) { late := day.Add(999 * time.Hour); o.Filter.CreatedFrom = &late }, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := options(t)
			narrow.change(&o)
			a := export(t, source, o)
			if got := a.Facts().Rows["run"]; got != narrow.runs {
				t.Errorf("%d runs, not %d", got, narrow.runs)
			}
			if v := verify(t, a); !v.Intact {
				t.Errorf("%+v", v.Changed)
			}
		})
	}
}

// stopAfter lets an export go on some times and then ends it.
func stopAfter(times int) func(context.Context) error {
	return func(context.Context) error {
		if times--; times < 0 {
			return errStopped
		}
		return nil
	}
}

var errStopped = errors.New("stopped")

func TestAnExportThatWasStoppedGoesOnAndGivesTheSame(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	whole := options(t)
	want := digests(t, export(t, source, whole))
	o := options(t)
	tries := 0
	for ; ; tries++ {
		resumed := false
		err := write.Export(t.Context(), source, o, stopAfter(2), func(p write.Progress) { resumed = p.Resumed })
		if tries > 0 && !resumed {
			t.Fatal("it began anew")
		}
		if err == nil {
			break
		}
		if !errors.Is(err, errStopped) {
			t.Fatal(err)
		}
		if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
			t.Fatalf("something is there under its name: %v", err)
		}
	}
	if diff := cmp.Diff(want, digests(t, open(t, o.Path))); diff != "" || tries < 3 {
		t.Errorf("after %d tries it differs:\n%s", tries, diff)
	}
}

// digests are those of the parts that don't depend on when it was exported.
func digests(t *testing.T, a *archive.Archive) map[string]string {
	t.Helper()
	all, err := a.Digests(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	list := map[string]string{}
	for _, d := range all {
		if d.Part != "meta" {
			list[d.Part] = fmt.Sprintf("%d %x", d.Rows, d.Digest)
		}
	}
	return list
}

func TestAnUnfinishedFileOfSomethingElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	o := options(t)
	if err := write.Export(t.Context(), source, o, stopAfter(3), func(write.Progress) {}); !errors.Is(err, errStopped) {
		t.Fatal(err)
	}
	o.Filter.JobID = 2
	if err := write.Export(t.Context(), source, o, goOn, func(write.Progress) {}); scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("another filter: %v", err)
	}
	if err := write.Discard(o.Path); err != nil {
		t.Fatal(err)
	}
	if err := write.Export(t.Context(), source, o, goOn, func(write.Progress) {}); err != nil {
		t.Error(err)
	}
	if err := write.Export(t.Context(), source, o, goOn, func(write.Progress) {}); scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("a name that is taken: %v", err)
	}
}
