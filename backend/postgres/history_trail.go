package postgres

import (
	"context"
	"encoding/json"
	"math"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Jobs gives every job with its arguments.
func (h *History) Jobs(ctx context.Context) ([]scheduler.Job, error) {
	known, err := h.facts(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := ask[jobRow](ctx, h.store, sql.exportJobs[known.Jobs], nil)
	jobs := make([]scheduler.Job, len(rows))
	for i, r := range rows {
		jobs[i] = r.job()
	}
	return jobs, err
}

// Settings gives what the database holds of settings.
func (h *History) Settings(ctx context.Context) (console.SettingTables, error) {
	return h.store.SettingTables(ctx)
}

// Reloads gives the requests for a reload of a span.
func (h *History) Reloads(ctx context.Context, span history.Span) ([]history.Reload, error) {
	known, err := h.facts(ctx)
	if err != nil {
		return nil, err
	}
	rows, err := ask[reloadRow](ctx, h.store, sql.trail(known).exportReloads,
		pgx.StrictNamedArgs{"from": span.From, "before": span.Before, "result_limit": longestResult})
	reloads := make([]history.Reload, len(rows))
	for i, r := range rows {
		reloads[i] = history.Reload{Reload: r.reload(), Raw: r.Result}
	}
	return reloads, err
}

// Terms gives the terms that nodes recorded.
func (h *History) Terms(ctx context.Context, span history.Span) ([]history.Term, error) {
	if known, err := h.facts(ctx); err != nil || !known.Terms {
		return nil, err
	}
	type row struct {
		Epoch    int64    `db:"epoch"`
		WorkerID string   `db:"worker_id"`
		Since    listTime `db:"since"`
	}
	rows, err := ask[row](ctx, h.store, sql.exportTerms, spanArgs(span))
	terms := make([]history.Term, len(rows))
	for i, r := range rows {
		terms[i] = history.Term{Epoch: r.Epoch, WorkerID: r.WorkerID, Since: r.Since.Time}
	}
	return terms, err
}

func spanArgs(span history.Span) pgx.StrictNamedArgs {
	return pgx.StrictNamedArgs{"from": span.From, "before": span.Before}
}

type exportedAudit struct {
	ID      int64    `db:"id"`
	Actor   string   `db:"actor"`
	Action  string   `db:"action"`
	Target  string   `db:"target"`
	At      listTime `db:"created_at"`
	Size    int64    `db:"size"`
	Detail  string   `db:"detail"`
	Written string   `db:"written_by"`
	Seq     *int64   `db:"chain_seq"`
	Login   string   `db:"login"`
	ByGate  bool     `db:"by_gate"`
	Digest  []byte   `db:"digest"`
}

// EachAudit reads entries of the audit; none where this login may not read it.
func (h *History) EachAudit(ctx context.Context, span history.Span, afterID int64, limit int, each func(history.AuditRow) error) error {
	known, err := h.facts(ctx)
	if err != nil || known.Audit == "" {
		return err
	}
	text := sql.trail(known).exportAudit
	if known.Gate && !known.AuditLinks {
		text = sql.exportAuditUnlinked // a gate of before the links were shown
	}
	args := spanArgs(span)
	args["after_id"], args["page"] = afterID, limit
	return stream(ctx, h.store, text, args, func(r exportedAudit) error {
		row := history.AuditRow{AuditEntry: console.AuditEntry{
			ID: r.ID, Actor: r.Actor, Action: r.Action, Target: r.Target, At: r.At.Time, Size: r.Size, Detail: json.RawMessage(r.Detail), Written: r.Written,
		}}
		if r.Seq != nil {
			row.Link = &history.Link{Login: r.Login, ByGate: r.ByGate, Seq: *r.Seq, Digest: r.Digest}
		}
		return each(row)
	})
}

// Seals gives the seals of a span, and the one that it begins with.
func (h *History) Seals(ctx context.Context, span history.Span) ([]history.Seal, error) {
	if !h.store.hasGate {
		return nil, nil
	}
	type row struct {
		Seq    int64    `db:"seq"`
		At     listTime `db:"sealed_at"`
		By     string   `db:"sealed_by"`
		Digest []byte   `db:"digest"`
	}
	rows, err := ask[row](ctx, h.store, sql.exportSeals, spanArgs(span))
	seals := make([]history.Seal, len(rows))
	for i, r := range rows {
		seals[i] = history.Seal{Seq: r.Seq, At: r.At.Time, By: r.By, Digest: r.Digest}
	}
	return seals, err
}

// EachEvent reads events. The ids that a span can have are found first, as no index holds the times.
func (h *History) EachEvent(ctx context.Context, span history.Span, afterID int64, limit int, each func(console.Event) error) error {
	known, err := h.facts(ctx)
	if err != nil {
		return err
	}
	args := spanArgs(span)
	args["after_id"], args["high_id"], args["page"], args["detail_limit"] = afterID, int64(math.MaxInt64), limit, math.MaxInt32
	err = h.store.read(ctx, queryDeadline, func(ctx context.Context, conn *pgx.Conn) error {
		place := pgx.StrictNamedArgs{}
		err := narrowByTime(ctx, conn, console.EventFilter{From: &span.From, Before: &span.Before}, place)
		if low, ok := place["low_id"].(int64); ok {
			args["after_id"] = max(afterID, low-1)
		}
		if high, ok := place["high_id"].(int64); ok {
			args["high_id"] = high
		}
		return err
	})
	if err != nil {
		return err
	}
	return stream(ctx, h.store, sql.trail(known).exportEvents, args, func(r eventRow) error { return each(r.event()) })
}
