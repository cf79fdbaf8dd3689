package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

type sealRow struct {
	Seq      *int64       `db:"seq"`
	At       optionalTime `db:"sealed_at"`
	By       *string      `db:"sealed_by"`
	Digest   *string      `db:"digest"`
	Complete *bool        `db:"complete"`
}

// AuditChain tells how the audit is guarded; a database without the gate guards nothing.
func (s *Store) AuditChain(ctx context.Context) (console.AuditChain, error) {
	var chain console.AuditChain
	err := s.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		if !factsOf(conn).Gate {
			return nil
		}
		rows, err := collect[sealRow](ctx, conn, sql.auditSeals, nil)
		if err != nil || len(rows) == 0 {
			return err
		}
		r := rows[0]
		chain.Installed, chain.Complete = true, r.Complete != nil && *r.Complete
		if r.Seq != nil && r.At.Time != nil {
			chain.Seal = &console.Seal{Number: *r.Seq, At: *r.At.Time, By: orEmpty(r.By), Digest: orEmpty(r.Digest)}
		}
		return nil
	})
	return chain, err
}

type verdictOfAudit struct {
	OK      bool   `db:"ok"`
	Checked int64  `db:"checked"`
	Problem string `db:"problem"`
	AuditID int64  `db:"audit_id"`
	Login   string `db:"login"`
	Actor   string `db:"actor"`
	Seq     int64  `db:"seq"`
	Seal    int64  `db:"seal"`
	Digest  string `db:"digest"`
}

// VerifyAudit has the database check the audit, under a timeout of its own.
func (s *Store) VerifyAudit(ctx context.Context, seen *console.Seal) (console.AuditVerdict, error) {
	args := pgx.StrictNamedArgs{"from_seal": nil, "pinned": nil}
	if seen != nil {
		args["from_seal"], args["pinned"] = seen.Number, given(seen.Digest)
	}
	var verdict console.AuditVerdict
	err := s.read(ctx, console.VerifyTime+queryDeadline-statementTimeout, func(ctx context.Context, conn *pgx.Conn) error {
		return pgx.BeginTxFunc(ctx, conn, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
			// Utility statements take no parameters.
			if _, err := tx.Exec(ctx, fmt.Sprintf("set local statement_timeout = %d", console.VerifyTime.Milliseconds())); err != nil {
				return err
			}
			rows, err := collect[verdictOfAudit](ctx, tx.Conn(), sql.auditVerify, args)
			if err != nil || len(rows) == 0 {
				return err
			}
			v := rows[0]
			verdict = console.AuditVerdict{
				OK: v.OK, Checked: v.Checked, Problem: v.Problem, AuditID: v.AuditID, Login: v.Login, Actor: v.Actor, Place: v.Seq,
				Seal: console.Seal{Number: v.Seal, Digest: v.Digest},
			}
			return nil
		})
	})
	if isTimeout(err) {
		err = scheduler.Errorf(scheduler.Unavailable, "audit.verify_timeout",
			"The audit is too long to be verified from here. Run “opsctl audit verify”.").Because(err)
	}
	return verdict, err
}
