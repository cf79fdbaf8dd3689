package signers_test

import (
	"crypto/ed25519"
	"path/filepath"
	"testing"

	"github.com/opsdeck/opsdeck/backend/archive/signers"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

func TestKeysAreToldApart(t *testing.T) {
	t.Parallel()
	file := signers.At(filepath.Join(t.TempDir(), "config", "known-signers"))
	key := func(seed byte) ed25519.PublicKey {
		return ed25519.NewKeyFromSeed(append(make([]byte, 31), seed)).Public().(ed25519.PublicKey)
	}
	if standing, _, err := file.Judge(key(1), "佐藤"); err != nil || standing != signers.Stranger {
		t.Errorf("before anybody is known: %s, %v", standing, err)
	}
	if err := file.Trust(signers.Signer{Name: "佐藤 a", Key: key(1)}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		key     byte
		claimed string
		want    signers.Standing
	}{{1, "佐藤 a", signers.Known}, {1, "another name", signers.Known}, {2, "佐藤 A", signers.Impostor}, {2, "tanaka", signers.Stranger}} {
		standing, name, err := file.Judge(key(c.key), c.claimed)
		if err != nil || standing != c.want || standing == signers.Known && name != "佐藤 a" {
			t.Errorf("key %d as %s is %s (%s), %v", c.key, c.claimed, standing, name, err)
		}
	}
	for _, again := range []signers.Signer{{Name: "佐藤 A", Key: key(2)}, {Name: "new", Key: key(1)}} {
		if err := file.Trust(again); scheduler.CodeOf(err) != scheduler.Conflict {
			t.Errorf("%s is taken over: %v", again.Name, err)
		}
	}
	for _, bad := range []signers.Signer{{Name: "", Key: key(3)}, {Name: "a\nb", Key: key(3)}, {Name: "c", Key: nil}} {
		if err := file.Trust(bad); scheduler.CodeOf(err) != scheduler.Invalid {
			t.Errorf("%q is taken: %v", bad.Name, err)
		}
	}
	if err := file.Forget("佐藤 A"); err != nil {
		t.Error(err)
	}
	if list, err := file.List(); err != nil || len(list) != 0 {
		t.Errorf("%v, %v", list, err)
	}
	if err := file.Forget("nobody"); scheduler.CodeOf(err) != scheduler.NotFound {
		t.Errorf("nobody is forgotten: %v", err)
	}
}
