package archive

import (
	"context"
	"crypto/ed25519"
	"time"

	"github.com/opsdeck/opsdeck/backend/archive/format"
)

// Signature is somebody's over the digests of all parts. It is worth what is known of the key: whoever changes an archive can
// sign it anew with another.
type Signature struct {
	PublicKey   ed25519.PublicKey
	Fingerprint string
	Signer      string // as they call themselves
	At          time.Time
	Valid       bool // it fits the digests; whether these fit the rows is Verify's to say
}

// maxSignatures is how many signatures are looked at.
const maxSignatures = 100

// Signatures gives the archive's signatures.
func (a *Archive) Signatures(ctx context.Context) ([]Signature, error) {
	digests, err := a.Digests(ctx)
	if err != nil {
		return nil, a.explain(err)
	}
	rows, err := a.db.QueryContext(ctx, "select public_key, signer, signed_at, signature from signature order by signed_at limit ?", maxSignatures)
	if err != nil {
		return nil, a.explain(err)
	}
	defer rows.Close()
	var list []Signature
	for rows.Next() {
		var s Signature
		var at int64
		var key, signature []byte
		if err := rows.Scan(&key, &s.Signer, &at, &signature); err != nil {
			return nil, a.explain(err)
		}
		s.PublicKey, s.At, s.Fingerprint = key, timeOf(at), format.Fingerprint(key)
		s.Valid = len(key) == ed25519.PublicKeySize && ed25519.Verify(key, format.Signed(a.version, digests, s.Signer, at), signature)
		list = append(list, s)
	}
	return list, a.explain(rows.Err())
}

// Identity is what the archive is known by, wherever it lies.
func (a *Archive) Identity(ctx context.Context) (string, error) {
	digests, err := a.Digests(ctx)
	if err != nil {
		return "", a.explain(err)
	}
	return format.Identity(digests), nil
}

// Digests gives every part's digest as the archive has it.
func (a *Archive) Digests(ctx context.Context) ([]format.Digest, error) {
	parts := format.Parts(a.version)
	list := make([]format.Digest, len(parts))
	for i, p := range parts {
		list[i].Part = p.Name
		if err := a.db.QueryRowContext(ctx, "select rows, digest from part where name = ?", p.Name).Scan(&list[i].Rows, &list[i].Digest); err != nil {
			return nil, err
		}
	}
	return list, nil
}
