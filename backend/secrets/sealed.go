package secrets

import (
	"bytes"
	"context"
	"crypto/cipher"
	"crypto/rand"
	"crypto/subtle"
	stdjson "encoding/json"
	"errors"
	"io"
	"strings"

	"filippo.io/age"
	"github.com/go-json-experiment/json"
	"golang.org/x/crypto/chacha20poly1305"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

const (
	sealedFormat  = "opsdeck-secrets"
	sealedVersion = 1
	sealedSuffix  = ".secrets.json"
	// work is how hard a passphrase is to guess, as a power of two: a second of scrypt and 256 MB a try. maxWork bounds what a file can
	// make its reader compute.
	work    = 18
	maxWork = 20
	// maxSealed is how much a file may hold.
	maxSealed = 1 << 20
)

// sealed is the file that a profile's secrets lie in. All of it but Box can be read by whoever reads the file.
type sealed struct {
	Format  string               `json:"format"`
	Version int                  `json:"version"`
	Source  profile.SecretsKind  `json:"source"` // keyring or passphrase
	Key     string               `json:"key"`    // the key's account in the keyring
	Names   []profile.SecretName `json:"names"`  // of the secrets in it
	Bound   string               `json:"bound"`  // digest of the binding
	Box     []byte               `json:"box"`
}

// associated is what the box is only good with: everything around it.
func (s sealed) associated() ([]byte, error) {
	s.Box = nil
	return stdjson.Marshal(s)
}

// content is what lies in the box. Associated is what must stand around it, for the ways that don't check it themselves.
type content struct {
	Associated []byte             `json:"associated"`
	Secrets    stdjson.RawMessage `json:"secrets"`
}

// readSealed reads a file strictly. The key that it names must be its own profile's: keys are removed by that name.
func readSealed(b []byte, id string) (sealed, error) {
	var s sealed
	if err := json.Unmarshal(b, &s, json.RejectUnknownMembers(true)); err != nil {
		return sealed{}, damaged().Because(err)
	}
	if s.Format == sealedFormat && s.Version > sealedVersion {
		return sealed{}, scheduler.Errorf(scheduler.Invalid, "secrets.newer", "The secrets were sealed by a newer Opsdeck. Update Opsdeck.")
	}
	byKey, byPassphrase := s.Source == profile.FromKeyring, s.Source == profile.FromPassphrase
	if s.Format != sealedFormat || s.Version != sealedVersion || !byKey && !byPassphrase || byKey != strings.HasPrefix(s.Key, id+"/") {
		return sealed{}, damaged()
	}
	return s, nil
}

const reasonDamaged = "secrets.damaged"

func damaged() *scheduler.Error {
	return scheduler.Errorf(scheduler.Invalid, reasonDamaged,
		"The file with this profile's secrets is damaged or was changed, and can't be opened. Enter the secrets again.")
}

func otherServers() error {
	return scheduler.Errorf(scheduler.Invalid, "secrets.other_servers",
		"The secrets were entered for other servers, another user or another way than the profile says now, and stay closed. If the profile is right, enter them again.")
}

// seal puts secrets into a box for a profile. The caller has set Source, and Key where there is one.
func (s sealed) seal(ctx context.Context, p profile.Profile, secrets profile.Secrets, passphrase profile.Secret, work int) ([]byte, error) {
	var err error
	s.Format, s.Version, s.Names = sealedFormat, sealedVersion, secrets.Names()
	if s.Bound, err = bindingOf(p).digest(); err != nil {
		return nil, err
	}
	associated, err := s.associated()
	if err != nil {
		return nil, err
	}
	texts, err := secrets.Encode()
	if err != nil {
		return nil, err
	}
	plain, err := stdjson.Marshal(content{associated, texts})
	if err != nil {
		return nil, err
	}
	if s.Source == profile.FromKeyring {
		s.Box, err = closeWithKey(ctx, s.Key, plain, associated)
	} else {
		s.Box, err = closeWithPassphrase(passphrase, plain, work)
	}
	if err != nil {
		return nil, err
	}
	return stdjson.Marshal(s)
}

// open takes the secrets out, if they were sealed for this very profile.
func (s sealed) open(ctx context.Context, p profile.Profile, passphrase profile.Secret) (profile.Secrets, error) {
	bound, err := bindingOf(p).digest()
	if err != nil {
		return profile.Secrets{}, err
	}
	if s.Bound != bound {
		return profile.Secrets{}, otherServers()
	}
	associated, err := s.associated()
	if err != nil {
		return profile.Secrets{}, err
	}
	var plain []byte
	if s.Source == profile.FromKeyring {
		plain, err = openWithKey(ctx, s.Key, s.Box, associated)
	} else {
		plain, err = openWithPassphrase(passphrase, s.Box)
	}
	if err != nil {
		return profile.Secrets{}, err
	}
	var c content
	if err := stdjson.Unmarshal(plain, &c); err != nil || subtle.ConstantTimeCompare(c.Associated, associated) != 1 {
		return profile.Secrets{}, damaged()
	}
	secrets, err := profile.DecodeSecrets(c.Secrets)
	if err != nil {
		return profile.Secrets{}, damaged().Because(err)
	}
	return secrets, nil
}

func closeWithKey(ctx context.Context, account string, plain, associated []byte) ([]byte, error) {
	aead, err := withKey(ctx, account)
	if err != nil {
		return nil, err
	}
	nonce := make([]byte, aead.NonceSize())
	_, _ = rand.Read(nonce) // it never fails
	return aead.Seal(nonce, nonce, plain, associated), nil
}

func openWithKey(ctx context.Context, account string, box, associated []byte) ([]byte, error) {
	if len(box) < chacha20poly1305.NonceSizeX {
		return nil, damaged()
	}
	aead, err := withKey(ctx, account)
	if err != nil {
		return nil, err
	}
	plain, err := aead.Open(nil, box[:aead.NonceSize()], box[aead.NonceSize():], associated)
	if err != nil {
		return nil, damaged().Because(err)
	}
	return plain, nil
}

func withKey(ctx context.Context, account string) (cipher.AEAD, error) {
	key, err := keyOf(ctx, account)
	if err != nil {
		return nil, err
	}
	return chacha20poly1305.NewX(key)
}

func closeWithPassphrase(passphrase profile.Secret, plain []byte, work int) ([]byte, error) {
	if passphrase == "" {
		return nil, passphraseWanted()
	}
	recipient, err := age.NewScryptRecipient(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	recipient.SetWorkFactor(work)
	var box bytes.Buffer
	w, err := age.Encrypt(&box, recipient)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return box.Bytes(), nil
}

func openWithPassphrase(passphrase profile.Secret, box []byte) ([]byte, error) {
	if passphrase == "" {
		return nil, passphraseWanted()
	}
	identity, err := age.NewScryptIdentity(passphrase.Reveal())
	if err != nil {
		return nil, err
	}
	identity.SetMaxWorkFactor(maxWork)
	r, err := age.Decrypt(bytes.NewReader(box), identity)
	if err != nil {
		if _, ok := errors.AsType[*age.NoIdentityMatchError](err); ok {
			return nil, scheduler.Errorf(scheduler.Forbidden, "secrets.wrong_passphrase", "This passphrase does not open the profile's secrets.").Because(err)
		}
		return nil, damaged().Because(err)
	}
	plain, err := io.ReadAll(io.LimitReader(r, maxSealed))
	if err != nil {
		return nil, damaged().Because(err)
	}
	return plain, nil
}

func passphraseWanted() error {
	return scheduler.Errorf(scheduler.Invalid, "secrets.passphrase_wanted", "The profile's secrets are sealed by a passphrase. Enter it.")
}
