package desktop

import (
	"context"
	"testing"
	"testing/synctest"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// book is a SignerBook whose pages the test reads.
type book map[string]string

func (b book) Trust(name string, key []byte) error {
	if name == "" {
		return scheduler.Errorf(scheduler.Invalid, "archive.bad_signer", "Give the signer a name.")
	}
	b[name] = string(key)
	return nil
}

func TestTheKeyThatSignedIsGivenAName(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := openChest(t, func(f *ArchiveFacts) {
			f.Verify = func(context.Context, func(done, total int64)) (Trust, error) {
				return Trust{Signed: true, Signature: "good", Fingerprint: "ab12", Key: []byte("key"), Claimed: "kim", Impostor: true}, nil
			}
		})
		known := book{}
		if _, err := s.NameSigner(NameSignerRequest{"Kim", "ab12"}); Wire(err).Reason != "archive.no_key" {
			t.Errorf("nobody's key can be remembered, and yet: %v", err)
		}
		s.config.Signers = known
		synctest.Wait()
		if trust := s.State().Environment.Archive.Trust; trust.Signer != "" || trust.Claimed != "kim" || !trust.Impostor {
			t.Errorf("%+v", trust)
		}
		for want, req := range map[string]NameSignerRequest{"archive.no_key": {"Kim", "cd34"}, "archive.bad_signer": {" ", "ab12"}} {
			if _, err := s.NameSigner(req); Wire(err).Reason != want {
				t.Errorf("%+v: %v", req, err)
			}
		}
		if _, err := s.OpenArchive(OpenArchiveRequest{Path: "again.opsdeck"}); err != nil {
			t.Fatal(err)
		}
		synctest.Wait()
		state, err := s.NameSigner(NameSignerRequest{" Kim ", "ab12"})
		if err != nil || known["Kim"] != "key" {
			t.Fatalf("%v, %v", known, err)
		}
		if trust := state.Environment.Archive.Trust; trust.Signer != "Kim" || trust.Impostor {
			t.Errorf("%+v", trust)
		}
		for _, a := range s.openArchives() {
			if a.trust.Signer != "Kim" {
				t.Errorf("%s is still a stranger's: %+v", a.Name, a.trust.TrustState)
			}
		}
		s.Close()
	})
}

func TestOnlyALiveEnvironmentHasASigner(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s, e, _ := pressRoom(t)
		if who, err := e.Signer(); err != nil || who.Name != "kim" {
			t.Errorf("%+v, %v", who, err)
		}
		s.Close()
	})
	if _, err := NewExports(openChest(t, nil)).Signer(); Wire(err).Reason != "export.not_here" {
		t.Errorf("an archive: %v", err)
	}
}
