package localstate_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/opsdeck/opsdeck/backend/localstate"
)

func TestFolder(t *testing.T) {
	t.Setenv("OPSDECK_STATE_DIR", "/tmp/x")
	if got, err := localstate.Folder(); err != nil || got != "/tmp/x" {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv("OPSDECK_STATE_DIR", "")
	t.Setenv("XDG_STATE_HOME", "/tmp/state")
	if got, err := localstate.Folder(); err != nil || got != "/tmp/state/opsdeck" {
		t.Errorf("%s, %v", got, err)
	}
	t.Setenv("XDG_STATE_HOME", "relative")
	t.Setenv("HOME", "/srv/me")
	if got, err := localstate.Folder(); runtime.GOOS == "linux" && (err != nil || got != "/srv/me/.local/state/opsdeck") {
		t.Errorf("%s, %v", got, err)
	}
}

type stringer struct{ text string }

func (s stringer) String() string { return s.text }

func TestTheLogKeepsNoSecret(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state")
	log, err := localstate.OpenLog(folder)
	if err != nil {
		t.Fatal(err)
	}
	var terminal strings.Builder
	logger := log.Logger(&terminal)
	const planted = "pl4nted"
	logger.Info("connected to postgres://u:"+planted+"@db/jobs",
		"password", planted, "POSTGRES_PASSWORD", planted, "dsn", "host=db password="+planted+" user=u",
		"error", fmt.Errorf("dial: %w", errors.New(`{"password": "`+planted+`"}`)), "args", []string{"redis://:" + planted + "@r/0"},
		"shape", stringer{"token: " + planted}, "key", "-----BEGIN PRIVATE KEY-----\n"+planted+"\n-----END PRIVATE KEY-----",
		"header", "Authorization: Bearer "+planted, "name", "東京", "count", 3)
	logger.With("token", planted).WithGroup("redis").Warn("lost", "secret", planted, "address", "r:6379")
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	text, err := log.Tail(1 << 20)
	if err != nil {
		t.Fatal(err)
	}
	for where, got := range map[string]string{"file": string(text), "terminal": terminal.String()} {
		if strings.Contains(got, planted) {
			t.Errorf("the %s holds a secret: %s", where, got)
		}
		for _, want := range []string{"東京", "count=3", "redis.address=r:6379", "postgres://u:", "@db/jobs", "host=db", "user=u"} {
			if !strings.Contains(got, want) {
				t.Errorf("the %s lacks %s: %s", where, want, got)
			}
		}
	}
}

func TestTheLogIsCutAndItsOwnersAlone(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state")
	log, err := localstate.OpenLog(folder)
	if err != nil {
		t.Fatal(err)
	}
	line := strings.Repeat("x", 1000)
	for range 6 << 10 {
		log.Logger(nil).Info(line)
	}
	if err := log.Close(); err != nil {
		t.Fatal(err)
	}
	files, err := os.ReadDir(folder)
	if err != nil || len(files) != 2 {
		t.Fatalf("%d files, %v", len(files), err)
	}
	for _, file := range files {
		if info, err := file.Info(); err != nil || info.Mode().Perm() != 0o600 || info.Size() > 5<<20 {
			t.Errorf("%s: %v, %d bytes, %v", file.Name(), info.Mode(), info.Size(), err)
		}
	}
	if info, err := os.Stat(folder); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder: %v, %v", info.Mode(), err)
	}
	tail, err := log.Tail(5000)
	if err != nil || len(tail) > 5000 || !strings.HasPrefix(string(tail), "time=") {
		t.Errorf("the tail: %.40s, %v", tail, err)
	}
}

func TestPlacement(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state")
	if p, known := localstate.LoadPlacement(folder); known {
		t.Errorf("before anything was kept: %+v", p)
	}
	want := localstate.Placement{X: 10, Y: 20, Width: 1000, Height: 700, Maximised: true}
	for range 2 {
		if err := want.Save(folder); err != nil {
			t.Fatal(err)
		}
	}
	if p, known := localstate.LoadPlacement(folder); !known || p != want {
		t.Errorf("%+v, %t", p, known)
	}
	if files, err := os.ReadDir(folder); err != nil || len(files) != 1 {
		t.Errorf("left behind: %v, %v", files, err)
	}
	for _, damaged := range []string{"", "{", `{"x":1}`, `{"width":1e99}`, `{"width":-5,"height":5}`, `{"width":5,"height":5,"z":1}`, `{"width":5,"height":5,"x":999999}`} {
		if err := os.WriteFile(filepath.Join(folder, "window.json"), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if p, known := localstate.LoadPlacement(folder); known {
			t.Errorf("%s: %+v", damaged, p)
		}
	}
}

func TestAWindowStaysInReach(t *testing.T) {
	t.Parallel()
	screen := localstate.Screen{Width: 1280, Height: 800}
	for name, test := range map[string]struct{ kept, want localstate.Placement }{
		"as it was":       {localstate.Placement{X: 10, Y: 20, Width: 1000, Height: 700}, localstate.Placement{X: 10, Y: 20, Width: 1000, Height: 700}},
		"screen is gone":  {localstate.Placement{X: 3000, Y: 2000, Width: 1000, Height: 700}, localstate.Placement{X: 1160, Y: 680, Width: 1000, Height: 700}},
		"off to the left": {localstate.Placement{X: -5000, Y: -30, Width: 1000, Height: 700}, localstate.Placement{X: -880, Y: 0, Width: 1000, Height: 700}},
		"screen shrank":   {localstate.Placement{Width: 3000, Height: 2000}, localstate.Placement{Width: 1280, Height: 800}},
		"far too small":   {localstate.Placement{Width: 5, Height: 5}, localstate.Placement{Width: 720, Height: 480}},
	} {
		if got := test.kept.Within(screen); got != test.want {
			t.Errorf("%s: %+v", name, got)
		}
	}
}

func TestArchivesThatWereOpenedAreRemembered(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state")
	recent := &localstate.RecentArchives{Folder: folder}
	paths := func() (list []string) {
		for _, a := range recent.List() {
			list = append(list, filepath.Base(a.Path))
		}
		return list
	}
	file := func(name string) string {
		path := filepath.Join(folder, name)
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	open := func(id, path string) {
		if err := recent.Opened(localstate.RecentArchive{ID: id, Path: path, Name: "n", Opened: time.Unix(1, 0).UTC()}); err != nil {
			t.Fatal(err)
		}
	}
	if got := paths(); got != nil {
		t.Errorf("before anything was opened: %v", got)
	}
	open("1", filepath.Join(folder, "gone"))
	open("1", file("copy"))
	open("1", file("another"))
	open("", filepath.Join(folder, "nameless"))
	open("2", filepath.Join(folder, "copy"))
	if got, want := paths(), []string{"copy", "nameless", "another"}; !slices.Equal(got, want) {
		t.Errorf("%v, want %v: a path is there once, and a place that a file has left is forgotten", got, want)
	}
	if err := recent.Forget(filepath.Join(folder, "nameless")); err != nil || len(paths()) != 2 {
		t.Errorf("after one was forgotten: %v, %v", paths(), err)
	}
	for i := range 20 {
		open("", filepath.Join(folder, strconv.Itoa(i)))
	}
	if got := paths(); len(got) != 12 || got[0] != "19" {
		t.Errorf("of many: %v", got)
	}
	for _, damaged := range []string{"", "[", "{}", `[{"path":"/a","more":1}]`, `[{"path":"relative"}]`, `[{"path":1}]`} {
		if err := os.WriteFile(filepath.Join(folder, "archives.json"), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := paths(); len(got) > 0 {
			t.Errorf("%s: %v", damaged, got)
		}
	}
}

func TestUnfinishedExportsAreKept(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "state")
	kept := &localstate.UnfinishedExports{Folder: folder}
	if got := kept.List(); len(got) != 0 {
		t.Errorf("before anything was kept: %v", got)
	}
	for id, export := range map[string]string{"a": `{"path":"/x"}`, "b": `{"path":"/y"}`} {
		if err := kept.Put(id, []byte(export)); err != nil {
			t.Fatal(err)
		}
	}
	if err := errors.Join(kept.Put("a", []byte(`{"path":"/z"}`)), kept.Drop("b"), kept.Drop("c")); err != nil {
		t.Fatal(err)
	}
	if got := kept.List(); len(got) != 1 || string(got["a"]) != `{"path":"/z"}` {
		t.Errorf("%s", got)
	}
	for _, damaged := range []string{"", "null", "[]", `{"a"`} {
		if err := os.WriteFile(filepath.Join(folder, "exports.json"), []byte(damaged), 0o600); err != nil {
			t.Fatal(err)
		}
		if got := kept.List(); len(got) > 0 {
			t.Errorf("%s: %s", damaged, got)
		}
		if err := kept.Put("a", []byte("1")); err != nil {
			t.Errorf("%s: %v", damaged, err)
		}
	}
}
