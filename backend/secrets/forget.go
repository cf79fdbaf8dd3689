package secrets

import (
	"context"

	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Forget removes all secrets that are kept of a profile, and their key. Nothing is opened for it. The file goes even where the keyring
// can't be reached: without it the key is good for nothing, and the error says that it is left.
func (v *Vault) Forget(ctx context.Context, id string) error {
	s, there, _ := v.read(id) // a damaged file goes too
	if !there {
		return nil
	}
	if err := v.store.RemoveBeside(id, sealedSuffix); err != nil {
		return err
	}
	return v.forget(ctx, s.Key)
}

// Delete removes a profile as Forget removes its secrets, and those too.
func (v *Vault) Delete(ctx context.Context, id string) error {
	s, _, _ := v.read(id) // a damaged file goes too
	if err := v.store.Delete(id); err != nil {
		return err
	}
	return v.forget(ctx, s.Key)
}

// forget removes a key from the keyring; "" = there is none.
func (v *Vault) forget(ctx context.Context, account string) error {
	if account == "" {
		return nil
	}
	if err := forgetKey(ctx, account); err != nil {
		return scheduler.Errorf(scheduler.Unavailable, "secrets.key_left",
			"It is done, but the keyring still has the key %s. It opens nothing any more; remove it there when you can.", account).
			With("account", account).Because(err)
	}
	return nil
}
