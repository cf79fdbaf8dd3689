package archive

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/binary"

	"github.com/opsdeck/opsdeck/backend/console"
)

// link is a row of the audit with its place on its chain.
type link struct {
	id, seq               int64
	login, head           string
	byGate, there         bool
	digest                []byte
	actor, action, target string
	detail                string
	at                    int64
}

// digest is what the database computed of the row; see opsdeck._audit_digest.
func (l link) computed(before []byte) []byte {
	text := bytes.Clone(before)
	number := func(n int64) { text = binary.BigEndian.AppendUint64(text, uint64(n)) } //nolint:gosec // the bits, whatever the sign
	field := func(s string) {
		text = append(binary.BigEndian.AppendUint32(text, uint32(len(s))), s...) //nolint:gosec // no value is longer than format.MaxValue
	}
	number(l.seq)
	number(l.id)
	gate := byte(0)
	if l.byGate {
		gate = 1
	}
	text = append(text, gate)
	for _, s := range []string{l.login, l.actor, l.action, l.target, l.detail} {
		field(s)
	}
	number(l.at)
	digest := sha256.Sum256(text)
	return digest[:]
}

// VerifyChain computes the chains of the audit anew and names the first row that does not fit. Rows whose detail is masked
// can't be computed, nor those behind them; a part of an audit does not say what came before it.
func (a *Archive) VerifyChain(ctx context.Context) (console.AuditVerdict, error) {
	verdict := console.AuditVerdict{OK: true, Full: true, AsOf: a.facts.AsOf}
	whole := a.facts.From.IsZero()
	var before link
	fail := func(problem string, l link) {
		verdict.OK, verdict.Problem, verdict.AuditID, verdict.Login, verdict.Actor, verdict.Place = false, problem, l.id, l.login, l.head, l.seq
	}
	err := a.each(ctx, "chain", nil, nil, func(rows *sql.Rows) error {
		var l link
		if err := rows.Scan(&l.id, &l.login, &l.head, &l.byGate, &l.seq, &l.digest, &l.there, &l.actor, &l.action, &l.target, &l.detail, &l.at); err != nil {
			return err
		}
		first := before.id == 0 || before.login != l.login || before.head != l.head
		previous := before
		before = l
		if !verdict.OK {
			return nil
		}
		verdict.Checked++
		switch {
		case !l.there:
			fail("row.missing", l)
		case first && l.seq > 1 && whole, !first && l.seq != previous.seq+1 && whole:
			fail("chain.gap", l)
		case l.digest == nil, first && l.seq > 1, !first && (previous.digest == nil || l.seq != previous.seq+1):
			verdict.Full = false
		case first && !bytes.Equal(l.digest, l.computed(nil)), !first && !bytes.Equal(l.digest, l.computed(previous.digest)):
			fail("row.changed", l)
		}
		return nil
	})
	if err != nil || !verdict.OK || verdict.Checked == 0 {
		return verdict, err
	}
	err = a.each(ctx, "unchained", nil, nil, func(rows *sql.Rows) error {
		var l link
		err := rows.Scan(&l.id)
		fail("row.unchained", l)
		return err
	})
	return verdict, err
}
