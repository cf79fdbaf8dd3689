package desktop

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/profile"
)

// ProfileStore keeps profiles, which hold no secret.
type ProfileStore interface {
	// List gives all, the one that was opened last first.
	List() ([]profile.Entry, error)
	Get(id string) (profile.Profile, profile.Revision, error)
	// Save writes a profile over the revision that was read; "" = it is new.
	Save(p profile.Profile, base profile.Revision) (profile.Revision, error)
	// Remember changes what this machine remembers of a profile.
	Remember(id string, change func(*profile.Local)) error
	// FreeID makes an id of a new profile's name.
	FreeID(name string) string
	// ReadImport reads what somebody exported, and writes nothing.
	ReadImport(file []byte) (profile.Import, error)
}

// SecretKeeper keeps the secrets of profiles, each the way that it says.
type SecretKeeper interface {
	// Kept are the names of the secrets that are kept of a profile, and whether a passphrase seals them.
	Kept(id string) (names []profile.SecretName, byPassphrase bool, err error)
	// Open gives the secrets of a profile, with what was typed over them.
	Open(ctx context.Context, p profile.Profile, typed SecretInput) (profile.Secrets, error)
	// Save writes a profile as a ProfileStore does, and with it what is kept of its secrets. It names those that are dropped,
	// because they would go elsewhere than they were entered for.
	Save(ctx context.Context, p profile.Profile, base profile.Revision, typed SecretInput) (profile.Revision, []profile.SecretName, error)
	// Forget removes what is kept of a profile, whatever state it is in.
	Forget(ctx context.Context, id string) error
	// Delete removes a profile with everything that is kept of it.
	Delete(ctx context.Context, id string) error
}

// Doctor looks at every part of an environment, one after the other.
type Doctor interface {
	// Examine tells each finding as it comes, until ctx ends.
	Examine(ctx context.Context, access profile.Access, tell func(PartFound))
}

// PartFound is what was found of one part. Its words are Error's, or those of its name.
type PartFound struct {
	Name  string // a key that the screens translate
	State string // ok, warning, failed or skipped
	Err   error  // nil where there is nothing to say but the state
}

// SecretInput is what an operator typed. It prints itself without the texts.
type SecretInput struct {
	// Passphrase opens what is kept, and seals it unless NewPassphrase is there.
	Passphrase    profile.Secret
	NewPassphrase profile.Secret
	Set           profile.Secrets
	Remove        []profile.SecretName
}

// Over gives kept secrets with what was typed over them.
func (in SecretInput) Over(kept profile.Secrets) profile.Secrets {
	for _, name := range in.Remove {
		if place := kept.At(name); place != nil {
			*place = ""
		}
	}
	for _, name := range in.Set.Names() {
		*kept.At(name) = *in.Set.At(name)
	}
	return kept
}

// Empty tells whether nothing was typed that changes what is kept.
func (in SecretInput) Empty() bool { return len(in.Set.Names()) == 0 && len(in.Remove) == 0 }
