package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/console"
)

// fillTrail adds n entries to the audit and n events over the days of the history: twenty operators, one of whom wrote a
// twentieth of the entries, an action that only every ten-thousandth has, and twenty events that nobody has taken in.
func fillTrail(ctx context.Context, conn *pgx.Conn, n int) error {
	var loaded bool
	if err := conn.QueryRow(ctx, "select exists (select from scheduler_events)").Scan(&loaded); err != nil || loaded {
		return err
	}
	const span = "now() - make_interval(days => 90) + g * make_interval(secs => 90 * 86400.0 / $1)"
	for _, statement := range []string{
		`insert into scheduler_admin_action_logs (actor, action, target, payload_json, created_at)
		 select 'operator-' || g % 20, case when g % 10000 = 0 then 'job.delete' when g % 3 = 0 then 'worker.drain' else 'job_run.cancel' end,
		 (g * 7 % 100000)::text, jsonb_build_object('reason', 'routine ' || g, 'result', 'done', 'note', jsonb_build_object('host', 'desk-' || g % 50)),
		 ` + span + ` from generate_series(1, $1::int) g`,
		`insert into scheduler_events (event_type, payload_json, dedupe_key, created_at, processed_at)
		 select case when g % 2 = 0 then 'order.placed' else 'file.arrived' end, jsonb_build_object('order', 'A-' || g), 'A-' || g, ` + span + `,
		 case when g % greatest($1 / 20, 1) <> 0 then ` + span + ` end from generate_series(1, $1::int) g`,
		"vacuum (analyze) scheduler_admin_action_logs", "vacuum (analyze) scheduler_events",
	} {
		args := []any{n}
		if statement[0] == 'v' {
			args = nil
		}
		if _, err := conn.Exec(ctx, statement, args...); err != nil {
			return err
		}
	}
	return nil
}

// trail measures the audit, the events and the failures. Their floor is fifty rows of the audit by primary key.
func (m *runsMeasure) trail(ctx context.Context) error {
	now := time.Now()
	old, oldEnd := now.Add(-45*24*time.Hour), now.Add(-45*24*time.Hour+12*time.Hour)
	first, err := m.store.ListAudit(ctx, console.AuditFilter{}, console.Cursor{}, pageSize)
	if err != nil {
		return err
	}
	ids := []int64{}
	for _, e := range first.Rows {
		ids = append(ids, e.ID)
	}
	byKey := func(ctx context.Context) error {
		rows, err := m.pool.Query(ctx, "select id, actor, action, target, payload_json, created_at from scheduler_admin_action_logs where id = any($1)", ids)
		if err != nil {
			return err
		}
		type row struct {
			ID                    int64
			Actor, Action, Target string
			Detail                []byte
			At                    time.Time
		}
		_, err = pgx.CollectRows(rows, pgx.RowToStructByPos[row])
		return err
	}
	audit := func(f console.AuditFilter, c console.Cursor) func(context.Context) error {
		return func(ctx context.Context) error { _, err := m.store.ListAudit(ctx, f, c, pageSize); return err }
	}
	events := func(f console.EventFilter) func(context.Context) error {
		return func(ctx context.Context) error {
			page, err := m.store.ListEvents(ctx, f, console.Cursor{}, pageSize)
			if err != nil {
				return err
			}
			_, err = m.store.EventRuns(ctx, page.Rows)
			return err
		}
	}
	failures := func(window time.Duration) func(context.Context) error {
		return func(ctx context.Context) error {
			return m.store.EachFailure(ctx, now.Add(-window), now, console.FailureLimit+1, func(console.FailedRun) {})
		}
	}
	unprocessed := false
	for _, c := range []struct {
		work string
		goal goal
		ours func(context.Context) error
	}{
		{"audit, first page", goal{ratio: 3}, audit(console.AuditFilter{}, console.Cursor{})},
		{"audit, page of 45 days ago", goal{ratio: 3}, audit(console.AuditFilter{}, console.AtTime(old))},
		{"audit, an actor (5 %)", goal{within: 100 * time.Millisecond}, audit(console.AuditFilter{Actor: "operator-7"}, console.Cursor{})},
		{"audit, a rare action (0.01 %)", goal{within: 100 * time.Millisecond}, audit(console.AuditFilter{Actions: []string{"job.delete"}}, console.Cursor{})},
		{"audit, a target (0.001 %)", goal{within: 3 * time.Second}, audit(console.AuditFilter{Target: "21"}, console.Cursor{})},
		{"audit, text, none (stops after 2 s)", goal{within: 3 * time.Second}, audit(console.AuditFilter{Text: "no such words"}, console.Cursor{})},
		{"events with their runs, first page", goal{within: 100 * time.Millisecond}, events(console.EventFilter{})},
		{"events, unprocessed (20)", goal{within: 100 * time.Millisecond}, events(console.EventFilter{Processed: &unprocessed})},
		{"events, half a day 45 days ago", goal{within: 100 * time.Millisecond}, events(console.EventFilter{From: &old, Before: &oldEnd})},
		{"failures, 24 h", goal{within: 300 * time.Millisecond}, failures(24 * time.Hour)},
		{"failures, 30 days (at most 20,000)", goal{within: time.Second}, failures(30 * 24 * time.Hour)},
	} {
		measured, err := compare(ctx, byKey, c.ours)
		if err != nil {
			return fmt.Errorf("%s: %w", c.work, err)
		}
		m.table.add(c.work, "50 rows by key", measured, c.goal)
	}
	return nil
}
