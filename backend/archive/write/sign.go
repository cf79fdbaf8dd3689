package write

import (
	"context"
	"crypto/ed25519"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// keySigner signs with a key in memory.
type keySigner struct {
	key  ed25519.PrivateKey
	name string
}

// WithKey is whoever holds a key and calls themselves name.
func WithKey(key ed25519.PrivateKey, name string) Signer { return keySigner{key, name} }

func (s keySigner) PublicKey() []byte { return s.key.Public().(ed25519.PublicKey) }
func (s keySigner) Name() string      { return s.name }

func (s keySigner) Sign(message []byte) ([]byte, error) { return ed25519.Sign(s.key, message), nil }

// sign adds a signature over the digests of all parts.
func (w *Writer) sign(ctx context.Context, s Signer, at time.Time) error {
	tx, err := w.begin(ctx)
	if err != nil {
		return err
	}
	var version int // older archives are signed too
	if err := tx.QueryRowContext(ctx, "pragma user_version").Scan(&version); err != nil {
		return unwritable(w.path, err)
	}
	if version < 1 || version > format.Version {
		return unwritable(w.path, fmt.Errorf("there is no format %d", version))
	}
	digests, err := digests(ctx, tx, version)
	if err != nil {
		return unwritable(w.path, err)
	}
	message := format.Signed(version, digests, s.Name(), at.UnixMicro())
	signature, err := s.Sign(message)
	if err != nil {
		return err
	}
	if !ed25519.Verify(s.PublicKey(), message, signature) {
		return scheduler.Errorf(scheduler.Internal, "export.bad_signature", "The signature does not fit the key that made it.")
	}
	err = w.exec(ctx, `insert into signature (public_key, signer, signed_at, signature) values (?, ?, ?, ?)
	  on conflict (public_key) do update set signer = excluded.signer, signed_at = excluded.signed_at, signature = excluded.signature`,
		s.PublicKey(), s.Name(), at.UnixMicro(), signature)
	if err != nil {
		return err
	}
	return w.commit()
}

func digests(ctx context.Context, tx *sql.Tx, version int) ([]format.Digest, error) {
	parts := format.Parts(version)
	list := make([]format.Digest, len(parts))
	for i, p := range parts {
		list[i].Part = p.Name
		if err := tx.QueryRowContext(ctx, "select rows, digest from part where name = ?", p.Name).Scan(&list[i].Rows, &list[i].Digest); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// Sign adds a signature to a finished archive, or replaces the one by the same key. Whether the archive is what was written is
// for the caller to know.
func Sign(ctx context.Context, path string, s Signer) error {
	w, err := open(path)
	if err != nil {
		return err
	}
	if err := w.sign(ctx, s, time.Now()); err != nil {
		return errors.Join(err, w.Close())
	}
	return w.finished()
}
