package desktop

import (
	"bytes"
	"context"
	"strings"
	"time"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// signerTimeout bounds the wait for the keyring, which may be asking its owner for a password.
const signerTimeout = 35 * time.Second

// Signer is who would sign an archive.
type Signer struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"` // "" = there is no key yet; the first signature makes one
}

// SignerBook remembers whose the keys are that sign archives.
type SignerBook interface {
	Trust(name string, key []byte) error
}

// Signer tells who would sign an archive of the environment that is shown, or why nobody can.
func (e *Exports) Signer() (Signer, error) {
	return lend(e.session, "Exports.Signer", signerTimeout, func(ctx context.Context, o *opened) (Signer, error) {
		if o.Exporter == nil {
			return Signer{}, errNotExported()
		}
		return o.Exporter.Signer(ctx)
	})
}

func errNotExported() error {
	return scheduler.Errorf(scheduler.Invalid, "export.not_here", "Only a live environment can be exported into an archive.")
}

// NameSignerRequest says whose the key is that signed the archive that is shown. The fingerprint is the one that the operator has compared.
type NameSignerRequest struct {
	Name        string `json:"name"`
	Fingerprint string `json:"fingerprint"`
}

// NameSigner remembers whose the key is that signed the archive that is shown. All archives that it signed are then known to be theirs.
func (s *Session) NameSigner(req NameSignerRequest) (SessionState, error) {
	o := s.borrow()
	if o == nil {
		return SessionState{}, errClosed()
	}
	defer o.uses.Done()
	s.mu.Lock()
	var key []byte
	if o.trust != nil && o.trust.Fingerprint == req.Fingerprint {
		key = o.trust.key
	}
	s.mu.Unlock()
	if key == nil || s.config.Signers == nil {
		return SessionState{}, scheduler.Errorf(scheduler.NotFound, "archive.no_key", "The archive that is shown has no signature by this key.")
	}
	name := strings.TrimSpace(req.Name)
	if err := s.config.Signers.Trust(name, key); err != nil {
		return SessionState{}, err
	}
	s.changed(func() {
		for _, a := range s.archives {
			if bytes.Equal(a.trust.key, key) {
				a.trust.Signer, a.trust.Impostor = name, false
			}
		}
	})
	return s.State(), nil
}
