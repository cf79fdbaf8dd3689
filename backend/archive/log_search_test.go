package archive_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/archive"
	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// piece is a chunk of a run's log that was written some minutes after noon.
func piece(run int64, seq int64, minute float64, text string) history.LogChunk {
	return history.LogChunk{Run: scheduler.RunID(run), LogChunk: console.LogChunk{Seq: seq, At: *at(minute), Stream: "stdout", Data: []byte(text)}}
}

// talkative is someRuns with logs: an early line and a late one, texts that lie across chunks and blocks, and one that is masked.
func talkative() record {
	r := full()
	long := strings.Repeat("all is well\n", (256<<10)/12)
	r.chunks = []history.LogChunk{
		piece(1, 1, 0.5, "begin\nconnecting to "), piece(1, 2, 1, "Straße-17\n接続に失敗しました\n"),
		piece(2, 1, 10.5, "begin\n"), piece(2, 2, 11.5, "give up at 100%_\n"),
		piece(3, 1, 23, long+"NEED"), piece(3, 2, 24, "LE\n"+long),
		piece(6, 1, 51, "begin\nurl postgres://u:<masked>@db/\xff\xfe\x00after the bad bytes\n"),
	}
	return r
}

func TestLogsAreSearched(t *testing.T) {
	t.Parallel()
	indexed, unindexed := talkative(), talkative()
	unindexed.unindexed = true
	archives := map[string]*archive.Archive{
		"by the index": indexed.open(t), "without an index": unindexed.open(t), "of the first format": open(t, firstFormat(t, unindexed))}
	for name, c := range map[string]struct {
		filter console.RunFilter
		want   []int
	}{
		"a line of several":        {console.RunFilter{LogText: "begin"}, []int{6, 2, 1}},
		"whatever the case":        {console.RunFilter{LogText: "STRASSE"}, nil},
		"of other letters":         {console.RunFilter{LogText: "STRAßE-17"}, []int{1}},
		"Japanese":                 {console.RunFilter{LogText: "失敗しま"}, []int{1}},
		"two letters of Japanese":  {console.RunFilter{LogText: "失敗"}, []int{1}},
		"across chunks":            {console.RunFilter{LogText: "to straße"}, []int{1}},
		"across blocks":            {console.RunFilter{LogText: "needle"}, []int{3}},
		"in several blocks of one": {console.RunFilter{LogText: "is well"}, []int{3}},
		"marks of patterns":        {console.RunFilter{LogText: "100%_"}, []int{2}},
		"like a query":             {console.RunFilter{LogText: `" OR "`}, nil},
		"behind bad bytes":         {console.RunFilter{LogText: "after the bad"}, []int{6}},
		"what stands for a secret": {console.RunFilter{LogText: "<masked>"}, []int{6}},
		"nowhere":                  {console.RunFilter{LogText: "no such words"}, nil},
		"of a job":                 {console.RunFilter{LogText: "begin", JobID: 1}, []int{6, 2, 1}},
		"of another job":           {console.RunFilter{LogText: "begin", JobID: 2}, nil},
		"in a state":               {console.RunFilter{LogText: "begin", States: []scheduler.RunState{scheduler.Failed, scheduler.Running}}, []int{2}},
		"and in the error":         {console.RunFilter{LogText: "begin", ErrorText: "refused"}, []int{2}},
		"in a time range":          {console.RunFilter{LogText: "begin", CreatedFrom: at(5), CreatedBefore: at(20)}, []int{2}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for how, a := range archives {
				ports := a.Ports(time.Time{}).Runs
				runs, more, err := ports.ListRuns(t.Context(), c.filter, console.Cursor{}, 50)
				if diff := cmp.Diff(c.want, ids(runs)); err != nil || more || diff != "" {
					t.Errorf("%s: %v %v %s", how, err, more, diff)
				}
				if n, err := ports.CountRuns(t.Context(), c.filter, 100); err != nil || n != len(c.want) {
					t.Errorf("%s: %d are counted, %v", how, n, err)
				}
			}
		})
	}
}

func TestASearchOfAMomentFindsWhatWasWrittenByThen(t *testing.T) {
	t.Parallel()
	a := talkative().open(t)
	for _, c := range []struct {
		minute float64
		text   string
		want   []int
	}{
		{11, "begin", []int{2, 1}}, {11, "give up", nil}, {11.5, "give up", []int{2}}, {23.5, "needle", nil}, {24, "needle", []int{3}}, {0.9, "to straße", nil},
	} {
		runs, _, err := a.Ports(*at(c.minute)).Runs.ListRuns(t.Context(), console.RunFilter{LogText: c.text}, console.Cursor{}, 50)
		if diff := cmp.Diff(c.want, ids(runs)); err != nil || diff != "" {
			t.Errorf("%q at minute %v: %v %s", c.text, c.minute, err, diff)
		}
	}
}

func TestPagesOfASearchFollowEachOther(t *testing.T) {
	t.Parallel()
	r := record{}
	for i := range 1200 { // more than one stretch
		r.runs = append(r.runs, run(100+i, float64(i)/10))
		text := "nothing\n"
		if i%300 == 7 {
			text = "found it\n"
		}
		r.chunks = append(r.chunks, piece(int64(100+i), 1, float64(i)/10, text))
	}
	for _, r.unindexed = range []bool{false, true} {
		a := r.open(t)
		a.BePatient(time.Hour)
		followPages(t, a.Ports(time.Time{}).Runs)
	}
	hurried := r.open(t)
	hurried.BePatient(0) // one stretch of 500
	runs := hurried.Ports(time.Time{}).Runs
	some, more, err := runs.ListRuns(t.Context(), console.RunFilter{LogText: "found it"}, console.Cursor{}, 3)
	if diff := cmp.Diff([]int{1007}, ids(some)); err != nil || !more || diff != "" {
		t.Errorf("what is found by then: %v %v %s", err, more, diff)
	}
	_, _, err = runs.ListRuns(t.Context(), console.RunFilter{LogText: "no such words"}, console.Cursor{}, 3)
	expect.Reason(t, err, "archive.log_search")
	e, _ := errors.AsType[*scheduler.Error](err)
	if want := r.runs[699].CreatedAt.Format(time.RFC3339); e.Args["at"] != want {
		t.Errorf("it says that it came to %s and not to %s", e.Args["at"], want)
	}
}

func followPages(t *testing.T, runs console.RunStore) {
	t.Helper()
	filter := console.RunFilter{LogText: "found it"}
	first, more, err := runs.ListRuns(t.Context(), filter, console.Cursor{}, 3)
	if diff := cmp.Diff([]int{1007, 707, 407}, ids(first)); err != nil || !more || diff != "" {
		t.Fatalf("%v %v %s", err, more, diff)
	}
	rest, more, err := runs.ListRuns(t.Context(), filter, console.Older(first[2]), 3)
	if diff := cmp.Diff([]int{107}, ids(rest)); err != nil || more || diff != "" {
		t.Errorf("%v %v %s", err, more, diff)
	}
	back, more, err := runs.ListRuns(t.Context(), filter, console.Newer(rest[0]), 2)
	if diff := cmp.Diff([]int{707, 407}, ids(back)); err != nil || !more || diff != "" {
		t.Errorf("%v %v %s", err, more, diff)
	}
}
