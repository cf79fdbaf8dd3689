package write_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/archive/write"
	"github.com/opsdeck/opsdeck/backend/expect"
)

func TestAnExportGoesOnWhenAFullDiskHasRoomAgain(t *testing.T) {
	t.Parallel()
	c := newCluster(t)
	source := c.source(c.logins.Viewer)
	want := digests(t, export(t, source, options(t)))
	for name, size := range map[string]string{"while reading": "400k", "while finishing": "1m"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := t.TempDir()
			if err := unix.Mount("opsdeck-test", dir, "tmpfs", 0, "size="+size+",mode=700"); errors.Is(err, unix.EPERM) {
				t.Skip("only root may mount a small file system to fill")
			} else if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
			o := optionsFor(filepath.Join(dir, "a.opsdeck"))
			var phase write.Phase
			told := func(p write.Progress) { phase = p.Phase }
			expect.Reason(t, write.Export(t.Context(), source, o, goOn, told), "export.disk_full")
			if wanted := map[string]write.Phase{"while reading": write.Reading, "while finishing": write.Finishing}[name]; phase != wanted {
				t.Errorf("the disk was full while %s", phase)
			}
			if _, err := os.Stat(o.Path); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something is there under its name: %v", err)
			}
			if err := unix.Mount("opsdeck-test", dir, "tmpfs", unix.MS_REMOUNT, "size=64m,mode=700"); err != nil {
				t.Fatal(err)
			}
			resumed := false
			if err := write.Export(t.Context(), source, o, goOn, func(p write.Progress) { resumed = p.Resumed }); err != nil || !resumed {
				t.Fatalf("%v, resumed %v", err, resumed)
			}
			a := open(t, o.Path)
			if diff := cmp.Diff(want, digests(t, a)); diff != "" {
				t.Error(diff)
			}
			if err := a.Close(); err != nil { // before the disk goes
				t.Error(err)
			}
		})
	}
}
