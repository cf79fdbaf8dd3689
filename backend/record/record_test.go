package record_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/opsdeck/opsdeck/backend/record"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
	"github.com/opsdeck/opsdeck/backend/servertest"
)

func TestMain(m *testing.M) { servertest.MainWithoutLeaks(m) }

// studio is a recorder, a clock, and a cluster that the test arranges.
type studio struct {
	*testing.T
	*record.Recorder
	path  string
	now   time.Time
	fleet scheduler.Fleet
	down  bool
}

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

func newStudio(t *testing.T, change ...func(*record.Options)) *studio {
	t.Helper()
	s := &studio{T: t, path: filepath.Join(t.TempDir(), "staging.samples"), now: noon}
	s.open(change...)
	return s
}

func (s *studio) open(change ...func(*record.Options)) {
	s.Helper()
	options := record.Options{Path: s.path, Origin: "a test", Now: func() time.Time { return s.now }}
	for _, c := range change {
		c(&options)
	}
	r, err := record.Open(s.Context(), options)
	if err != nil {
		s.Fatal(err)
	}
	s.Recorder = r
	s.Cleanup(func() { _ = r.Close() })
}

// Fleet makes the studio a FleetStore.
func (s *studio) Fleet(context.Context) (scheduler.Fleet, error) {
	if s.down {
		return scheduler.Fleet{}, errors.New("nobody answers")
	}
	return s.fleet, nil
}

// look lets time pass and takes a sample of the fleet as it is.
func (s *studio) look(after time.Duration, workers ...scheduler.Worker) {
	s.Helper()
	s.now = s.now.Add(after)
	s.fleet.Workers, s.fleet.AsOf = workers, s.now
	if err := s.LookAtFleet(s.Context(), s); err != nil {
		s.Fatal(err)
	}
}

func (s *studio) read() record.Reading {
	s.Helper()
	db, err := record.Read(s.path)
	if err != nil {
		s.Fatal(err)
	}
	s.Cleanup(func() { _ = db.Close() })
	return db
}

// at gives what is known of a moment, as "unknown" or each worker with its run.
func (s *studio) at(moment time.Time) []string {
	s.Helper()
	fleet, basis, err := sample.FleetAt(s.Context(), s.read(), moment)
	if err != nil {
		s.Fatal(err)
	}
	if !basis.Known {
		return []string{"unknown"}
	}
	seen := []string{}
	for _, w := range fleet.Workers {
		seen = append(seen, w.ID+":"+w.CurrentRun)
	}
	return seen
}

func (s *studio) count(question string) int {
	s.Helper()
	var n int
	if err := s.read().QueryRowContext(s.Context(), question).Scan(&n); err != nil {
		s.Fatal(err)
	}
	return n
}

func worker(id, run string) scheduler.Worker {
	return scheduler.Worker{ID: id, NodeID: "node-a", Role: scheduler.Plain, Reports: true, CurrentRun: run, HeartbeatTTL: time.Minute}
}

func TestAMomentIsReadBack(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.look(0, worker("w-1", ""), worker("w-2", "7"))
	s.look(5*time.Second, worker("w-1", "8"), worker("w-2", "7"))
	s.look(5*time.Second, worker("w-1", "8"))
	s.look(5 * time.Second)
	for _, test := range []struct {
		after time.Duration
		want  []string
	}{
		{-time.Second, []string{"unknown"}},
		{0, []string{"w-1:", "w-2:7"}},
		{4 * time.Second, []string{"w-1:", "w-2:7"}},
		{5 * time.Second, []string{"w-1:8", "w-2:7"}},
		{12 * time.Second, []string{"w-1:8"}},
		{15 * time.Second, []string{}},
		{25 * time.Second, []string{}},
		{26 * time.Second, []string{"unknown"}},
	} {
		if diff := cmp.Diff(test.want, s.at(noon.Add(test.after))); diff != "" {
			t.Errorf("%s after the first look:\n%s", test.after, diff)
		}
	}
}

func TestWhatStaysTheSameIsWrittenOnce(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	w := worker("w-1", "")
	for i := range 100 {
		w.LastHeartbeat, w.HeartbeatTTL = noon.Add(time.Duration(i)*time.Second), time.Duration(i+1)*time.Second
		s.fleet.Leadership.LockTTL = time.Duration(i) * time.Millisecond
		s.look(5*time.Second, w)
	}
	if n := s.count(`select count(*) from sample`); n != 4 { // two marks, a worker and the leadership
		t.Errorf("a hundred looks at the same cluster are %d rows", n)
	}
	if n := s.count(`select (until - since) / 1000000 from recording`); n != 99*5 {
		t.Errorf("the recording is %d s long", n)
	}
}

func TestAGapIsUnknown(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.look(0, worker("w-1", ""))
	s.down = true
	s.look(time.Minute, worker("w-1", ""))
	s.down = false
	s.look(time.Minute, worker("w-2", ""))
	for after, want := range map[time.Duration][]string{
		0: {"w-1:"}, time.Minute: {"unknown"}, 2 * time.Minute: {"w-2:"},
	} {
		if diff := cmp.Diff(want, s.at(noon.Add(after))); diff != "" {
			t.Errorf("%s after the first look:\n%s", after, diff)
		}
	}
}

func TestAClockThatIsSetBackWritesNothingTwice(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.look(0, worker("w-1", ""))
	s.look(-time.Second, worker("w-2", ""))
	s.look(3*time.Second, worker("w-3", ""))
	if diff := cmp.Diff([]string{"w-1:"}, s.at(noon.Add(time.Second))); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]string{"w-3:"}, s.at(noon.Add(2*time.Second))); diff != "" {
		t.Error(diff)
	}
}

func TestLongFramesEnd(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	for i := range 1000 {
		s.look(5*time.Second, worker("w-1", strconv.Itoa(i)))
	}
	frames := s.count(`select count(*) from sample where kind = 'worker' and key = ''`)
	if frames < 10 {
		t.Errorf("a thousand changes lie in %d frames", frames)
	}
	if diff := cmp.Diff([]string{"w-1:500"}, s.at(noon.Add(501*5*time.Second))); diff != "" {
		t.Error(diff)
	}
}

func TestOldSamplesGo(t *testing.T) {
	t.Parallel()
	for name, limit := range map[string]func(*record.Options){
		"by age":  func(o *record.Options) { o.MaxAge = time.Hour },
		"by size": func(o *record.Options) { o.MaxBytes = 100 << 10 },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newStudio(t, limit)
			for i := range 2500 {
				s.look(5*time.Second, worker("w-1", strconv.Itoa(i)))
			}
			if err := s.Prune(t.Context()); err != nil {
				t.Fatal(err)
			}
			if got := s.at(noon.Add(time.Minute)); got[0] != "unknown" {
				t.Errorf("the first minute is still known: %v", got)
			}
			if diff := cmp.Diff([]string{"w-1:2499"}, s.at(s.now)); diff != "" {
				t.Error(diff)
			}
			if n := s.count(`select count(*) from recording where since > (select min(frame) from sample where kind = 'worker')`); n != 0 {
				t.Error("the recording says that it begins later than it does")
			}
			if n := s.count(`select count(*) from sample where at < frame`); n != 0 {
				t.Error("frames are torn")
			}
		})
	}
}

func TestARecordingGoesOnAfterItsProgramHasEnded(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.look(0, worker("w-1", ""))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s.open()
	s.look(5*time.Second, worker("w-2", ""))
	for after, want := range map[time.Duration][]string{time.Second: {"w-1:"}, 5 * time.Second: {"w-2:"}} {
		if diff := cmp.Diff(want, s.at(noon.Add(after))); diff != "" {
			t.Error(diff)
		}
	}
}

func TestOneProgramWritesAFile(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	_, err := record.Open(t.Context(), record.Options{Path: s.path})
	if scheduler.CodeOf(err) != scheduler.Conflict {
		t.Errorf("a second recorder: %v", err)
	}
}

func TestAFileOfSomebodyElseIsLeftAlone(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "notes.txt")
	const text = "These are notes, and long enough to be taken for the head of a database that SQLite would like to read."
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Open(t.Context(), record.Options{Path: path}); err == nil {
		t.Error("it was opened")
	}
	if now, err := os.ReadFile(path); err != nil || string(now) != text {
		t.Errorf("the file holds %q, %v", now, err)
	}
}

func TestOthersCantReadIt(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	s.look(0, worker("w-1", ""))
	for _, suffix := range []string{"", "-wal", "-shm", ".lock"} {
		info, err := os.Stat(s.path + suffix)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s: %v, %v", suffix, info.Mode(), err)
		}
	}
}

func TestRowsOfAWindow(t *testing.T) {
	t.Parallel()
	s := newStudio(t)
	for i := range 300 {
		s.look(5*time.Second, worker("w-1", strconv.Itoa(i)))
	}
	from, to := noon.Add(10*time.Minute), noon.Add(11*time.Minute)
	frames := map[int64]bool{}
	err := sample.EachRow(t.Context(), s.read(), from, to, func(r sample.Row) error {
		if r.Kind == sample.OfWorker {
			frames[r.Frame.UnixMicro()] = true
		}
		if !r.At.Before(to) {
			t.Errorf("a row of %s", r.At)
		}
		return nil
	})
	if err != nil || len(frames) == 0 || len(frames) > 2 {
		t.Errorf("%d frames, %v", len(frames), err)
	}
}

func TestNamesOfEnvironmentsStayInTheFolder(t *testing.T) {
	t.Setenv("XDG_DATA_HOME", "/data")
	for name, want := range map[string]string{
		"staging": "/data/opsdeck/recordings/staging.samples", "../../etc/x": "/data/opsdeck/recordings/.._.._etc_x.samples", "..": "", "": "",
	} {
		if got, err := record.PathOf(name); got != want || (err == nil) != (want != "") {
			t.Errorf("%q gives %q, %v", name, got, err)
		}
	}
}
