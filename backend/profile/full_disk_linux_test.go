package profile_test

import (
	"errors"
	"os"
	"reflect"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/opsdeck/opsdeck/backend/expect"
	"github.com/opsdeck/opsdeck/backend/profile"
)

func TestAFullDiskLeavesWhatWasThere(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := unix.Mount("opsdeck-test", dir, "tmpfs", 0, "size=64k,mode=700"); errors.Is(err, unix.EPERM) {
		t.Skip("only root may mount a small file system to fill")
	} else if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = unix.Unmount(dir, unix.MNT_DETACH) })
	s, err := profile.OpenStore(dir)
	if err != nil {
		t.Fatal(err)
	}
	p := complete(t)
	base := save(t, s, p, "")
	for n := 4096; n > 0; n /= 2 { // until nothing fits
		for {
			f, err := os.OpenFile(dir+"/filler", os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
			if err != nil {
				t.Fatal(err)
			}
			_, err = f.WriteString(strings.Repeat("x", n))
			_ = f.Close()
			if err != nil {
				break
			}
		}
	}
	larger := p
	larger.Logs.Prefix = strings.Repeat("p", 200)
	_, err = s.Save(larger, base)
	expect.Reason(t, err, "profile.disk_full")
	if got, _, err := s.Get(p.ID); err != nil || !reflect.DeepEqual(got, p) {
		t.Errorf("%+v, %v", got, err)
	}
	files, err := os.ReadDir(s.Dir())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if strings.HasPrefix(f.Name(), ".partial") {
			t.Errorf("%s is left", f.Name())
		}
	}
}
