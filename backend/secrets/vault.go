// Package secrets keeps the secrets of profiles. Where they are kept at all they lie sealed in a file beside the profile, opened by a
// key in the system's keyring or by a passphrase, and only for the very servers, users and way that they were entered for.
package secrets

import (
	"context"
	"crypto/rand"
	"errors"
	"io/fs"
	"slices"

	"golang.org/x/crypto/chacha20poly1305"

	"github.com/opsdeck/opsdeck/backend/profile"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Vault keeps secrets beside the profiles of a store. It remembers nothing itself: each opening asks the keyring again. Its calls may
// take as long as the keyring's owner takes to type a password, thirty seconds at most.
type Vault struct {
	store *profile.Store
	work  int // see the constant
}

// New makes a Vault over a store.
func New(store *profile.Store) *Vault { return &Vault{store, work} }

// Given is what the operator gave to open secrets.
type Given struct {
	// Passphrase is for a profile whose secrets are sealed by one.
	Passphrase profile.Secret
	// Answers are for a profile that asks each time. Nil means that nobody was asked yet.
	Answers *profile.Secrets
}

// Change is what saving a profile does to its secrets. Those it doesn't name stay as they are.
type Change struct {
	Set    profile.Secrets
	Remove []profile.SecretName
	// Forget drops all that was kept before, unopened: for when it can't be opened any more.
	Forget bool
	// Passphrase opens what was sealed by one before, and seals what is now unless NewPassphrase is there.
	Passphrase    profile.Secret
	NewPassphrase profile.Secret
}

// Saved is what saving did.
type Saved struct {
	Revision profile.Revision
	// Dropped are the secrets that are gone because they would have gone to other servers, or because nothing is kept any more.
	Dropped []profile.SecretName
}

// Kept are the names of the secrets that are kept for a profile, and whether a passphrase seals them. Nothing is opened for it.
func (v *Vault) Kept(id string) (names []profile.SecretName, byPassphrase bool, err error) {
	s, _, err := v.read(id)
	return s.Names, s.Source == profile.FromPassphrase, err
}

func (v *Vault) read(id string) (s sealed, there bool, err error) {
	b, err := v.store.ReadBeside(id, sealedSuffix)
	if errors.Is(err, fs.ErrNotExist) {
		return sealed{}, false, nil
	}
	if err != nil {
		return sealed{}, true, err
	}
	s, err = readSealed(b, id)
	return s, true, err // of what is damaged s has nothing
}

// Open gives the secrets of a profile, from where it says they come from.
func (v *Vault) Open(ctx context.Context, p profile.Profile, given Given) (profile.Secrets, error) {
	switch p.SecretsFrom.Kind {
	case profile.FromOperator:
		if given.Answers == nil {
			return profile.Secrets{}, scheduler.Errorf(scheduler.Invalid, "secrets.answers_wanted", "The profile keeps no secrets. Enter them.")
		}
		return *given.Answers, nil
	case profile.FromCommand:
		return fromCommand(ctx, p)
	case profile.FromKeyring, profile.FromPassphrase:
	}
	s, there, err := v.read(p.ID)
	if err != nil || !there {
		return profile.Secrets{}, err
	}
	return s.open(ctx, p, given.Passphrase)
}

// Save writes a profile as [profile.Store.Save] does, and with it what is to be kept of its secrets. Secrets that would go to
// other servers than they were entered for, or another way there, are dropped unless they are entered again.
func (v *Vault) Save(ctx context.Context, p profile.Profile, base profile.Revision, change Change) (Saved, error) {
	p = p.Normal()
	if err := p.Validate(); err != nil {
		return Saved{}, err
	}
	if !keeps(p) && len(change.Set.Names()) > 0 {
		return Saved{}, scheduler.Errorf(scheduler.Invalid, "secrets.not_kept", "This profile keeps no secrets, so that none can be entered here.")
	}
	old, there, err := v.read(p.ID)
	if e, _ := errors.AsType[*scheduler.Error](err); e != nil && e.Reason == reasonDamaged && len(change.Set.Names())+len(change.Remove) > 0 {
		change.Forget = true // nothing of it can be kept, and what is entered takes its place
	}
	if err != nil && !change.Forget {
		return Saved{}, err
	}
	if there = there && err == nil; there && change.Forget {
		old.Names = nil
	}
	kept, saved, err := v.keep(ctx, p, old, there, change)
	if err != nil {
		return Saved{}, err
	}
	file, written, err := v.seal(ctx, p, kept, change)
	if err != nil {
		return Saved{}, err
	}
	if saved.Revision, err = v.store.Save(p, base); err != nil {
		if written != "" {
			_ = forgetKey(ctx, written) // it opens nothing
		}
		return Saved{}, err
	}
	switch {
	case file != nil:
		err = v.store.WriteBeside(p.ID, sealedSuffix, file)
	case kept == nil: // as it was
		return saved, nil
	default:
		err = v.store.RemoveBeside(p.ID, sealedSuffix)
	}
	if err == nil {
		err = v.forget(ctx, old.Key)
	} else if written != "" {
		_ = forgetKey(ctx, written) // it opens nothing
	}
	return saved, err
}

func keeps(p profile.Profile) bool {
	return p.SecretsFrom.Kind == profile.FromKeyring || p.SecretsFrom.Kind == profile.FromPassphrase
}

// keep says what is to be sealed: nil if the file can stay as it is.
func (v *Vault) keep(ctx context.Context, p profile.Profile, old sealed, there bool, change Change) (*profile.Secrets, Saved, error) {
	var was profile.Profile
	if there {
		var err error
		if was, _, err = v.store.Get(p.ID); err != nil && len(old.Names) > 0 {
			return nil, Saved{}, err
		}
	}
	gone := dropped(bindingOf(was), bindingOf(p))
	if !keeps(p) {
		gone = profile.SecretNames()
	}
	var saved Saved
	var stay []profile.SecretName
	for _, name := range old.Names {
		switch {
		case *change.Set.At(name) != "" || slices.Contains(change.Remove, name):
		case slices.Contains(gone, name):
			saved.Dropped = append(saved.Dropped, name)
		default:
			stay = append(stay, name)
		}
	}
	same, err := sameBinding(was, p)
	if err != nil {
		return nil, Saved{}, err
	}
	if len(stay) == len(old.Names) && len(change.Set.Names()) == 0 && same && !change.Forget && change.NewPassphrase == "" &&
		(!there || old.Source == p.SecretsFrom.Kind) {
		return nil, saved, nil
	}
	secrets := change.Set
	if len(stay) > 0 || resealed(old, p, change) {
		opened, err := old.open(ctx, was, change.Passphrase)
		if err != nil && (len(stay) > 0 || scheduler.CodeOf(err) == scheduler.Forbidden) {
			return nil, Saved{}, err
		}
		for _, name := range stay {
			*secrets.At(name) = *opened.At(name)
		}
	}
	return &secrets, saved, nil
}

// resealed tells whether the passphrase that sealed secrets before seals what is entered in their place. It is tried then: a mistyped
// one would become one that nobody knows.
func resealed(old sealed, p profile.Profile, change Change) bool {
	return len(old.Names) > 0 && old.Source == profile.FromPassphrase && p.SecretsFrom.Kind == profile.FromPassphrase && change.NewPassphrase == ""
}

func sameBinding(a, b profile.Profile) (bool, error) {
	x, err := bindingOf(a).digest()
	if err != nil {
		return false, err
	}
	y, err := bindingOf(b).digest()
	return x == y, err
}

// seal gives the file that secrets lie in, and the account of its key; no file where there is nothing to keep. Each sealing has a new
// key, so that a copy of an older file stays closed once its key is gone.
func (v *Vault) seal(ctx context.Context, p profile.Profile, kept *profile.Secrets, change Change) (file []byte, account string, err error) {
	if kept == nil || len(kept.Names()) == 0 {
		return nil, "", nil
	}
	s := sealed{Source: p.SecretsFrom.Kind}
	if s.Source == profile.FromKeyring {
		if s.Key, err = newKey(ctx, p.ID); err != nil {
			return nil, "", err
		}
	}
	passphrase := change.Passphrase
	if change.NewPassphrase != "" {
		passphrase = change.NewPassphrase
	}
	if file, err = s.seal(ctx, p, *kept, passphrase, v.work); err != nil && s.Key != "" {
		_ = forgetKey(ctx, s.Key) // it opens nothing
	}
	return file, s.Key, err
}

// newKey puts a random key into the keyring, under a name that no other key has.
func newKey(ctx context.Context, id string) (account string, err error) {
	key := make([]byte, chacha20poly1305.KeySize)
	_, _ = rand.Read(key) // it never fails
	account = id + "/" + rand.Text()
	return account, keepKey(ctx, account, key)
}

// Rotate seals a profile's secrets anew: by another key, or by another passphrase where one is given.
func (v *Vault) Rotate(ctx context.Context, id string, passphrase, newPassphrase profile.Secret) error {
	p, _, err := v.store.Get(id)
	if err != nil {
		return err
	}
	old, there, err := v.read(id)
	if err != nil || !there {
		return err
	}
	secrets, err := old.open(ctx, p, passphrase)
	if err != nil {
		return err
	}
	file, account, err := v.seal(ctx, p, &secrets, Change{Passphrase: passphrase, NewPassphrase: newPassphrase})
	if err != nil {
		return err
	}
	if err := v.store.WriteBeside(id, sealedSuffix, file); err != nil {
		if account != "" {
			_ = forgetKey(ctx, account) // it opens nothing
		}
		return err
	}
	return v.forget(ctx, old.Key)
}
