package gate

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// Seal is how far the audit trail was at one moment. Somebody who keeps it elsewhere notices a tail that is cut.
type Seal struct {
	Seq      int64
	SealedAt time.Time
	Digest   []byte
}

// SealTrail seals what has been committed since the last seal, and gives the newest; nil where there is nothing to seal. Of a
// login that is no operator's and did not install the gate it only reads.
func SealTrail(ctx context.Context, conn *pgx.Conn) (*Seal, error) {
	var found *Seal
	err := pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadWrite}, func(tx pgx.Tx) error {
		var seq *int64
		var at *time.Time
		var digest []byte
		if err := tx.QueryRow(ctx, "select seq, sealed_at, digest from opsdeck.seal()").Scan(&seq, &at, &digest); err != nil {
			return err
		}
		if at != nil {
			found = &Seal{Seq: *seq, SealedAt: *at, Digest: digest}
		}
		return nil
	})
	return found, err
}

// Verdict is what a look at the trail found.
type Verdict struct {
	OK      bool   `db:"ok"`
	Checked int64  `db:"checked"` // rows
	Problem string `db:"problem"` // "" or one of the Problem constants

	// The first row that does not fit, as far as it has these: the audit's id, and its place on its chain.
	AuditID *int64  `db:"audit_id"`
	Login   *string `db:"login"`
	Actor   *string `db:"actor"`
	Seq     *int64  `db:"seq"` // of a seal where the problem is one

	Seal       *int64 `db:"seal"` // the newest
	SealDigest []byte `db:"seal_digest"`
}

// What can be wrong with a trail.
const (
	ProblemRowChanged   = "row.changed"
	ProblemRowMissing   = "row.missing"
	ProblemRowUnchained = "row.unchained"
	ProblemGap          = "chain.gap"
	ProblemCut          = "chain.cut"
	ProblemSealChanged  = "seal.changed"
	ProblemSealMissing  = "seal.missing"
	ProblemUnfinished   = "install.unfinished" // the table was given back, or an install broke off
)

// VerifyTrail looks at the whole trail, or with from at what came after that seal, which must still be there as it was.
func VerifyTrail(ctx context.Context, conn *pgx.Conn, from *Seal) (Verdict, error) {
	var seq *int64
	var digest []byte
	if from != nil {
		seq, digest = &from.Seq, from.Digest
	}
	return one[Verdict](ctx, conn, "select * from opsdeck.audit_verify($1, $2)", seq, digest)
}
