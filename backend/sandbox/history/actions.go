package history

import (
	"container/heap"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// action is a row of the audit table.
type action struct {
	at                  time.Time
	actor, name, target string
	payload             map[string]any
}

var operators = []string{"operator", "operator", "operator", "admin", "y.sato", "k.tanaka"}

// remember writes down what an operator did about a run, and now and then lets one ask for a skipped run again.
func (p *past) remember(r run) {
	switch {
	case r.state == scheduler.Canceled:
		p.act(r.finished, pick(p, operators), "job_run.cancel", strconv.FormatInt(r.id, 10), map[string]any{"reason": r.err})
	case r.state == scheduler.Skipped && r.due.rerunOf == nil && p.chance(0.15):
		at := r.finished.Add(time.Duration(p.about(25, 0.8) * float64(time.Minute))).Truncate(time.Microsecond)
		heap.Push(&p.runs, due{job: r.job, created: at, at: at, rerunOf: &r})
	}
	if old := r.due.rerunOf; old != nil {
		p.act(r.created, pick(p, operators), "job_run.rerun", strconv.FormatInt(old.id, 10), map[string]any{
			"from_run_id": old.id, "new_run_id": r.id, "job_definition_id": r.job.id, "job_definition_name": r.job.Name,
			"from_state": old.state, "from_scheduled_for": old.at, "new_scheduled_for": r.at,
		})
	}
}

func (p *past) act(at time.Time, actor, name, target string, payload map[string]any) {
	p.actions = append(p.actions, action{at, actor, name, target, payload})
}

// writeActions adds what is not about one run: settings, workers, users, alerts, and one attempt at mischief.
func (p *past) writeActions(ctx context.Context, tx pgx.Tx) error {
	first := p.from.Add(time.Hour)
	for i, name := range []string{"viewer", "operator", "admin"} {
		p.act(first.Add(time.Duration(i)*time.Minute), "root", "user.create", strconv.Itoa(i+1), map[string]any{"username": name})
	}
	for at := p.from; ; {
		at = at.Add(time.Duration(p.about(float64(9*time.Hour), 0.9)))
		if !at.Before(p.to) {
			break
		}
		p.routine(at)
	}
	p.act(p.to.Add(-70*time.Hour), "<script>alert('actor')</script>", "job.delete", "999\u202e",
		map[string]any{"name": catalog.HostileName, "deleted_job_runs": 0})
	slices.SortStableFunc(p.actions, func(a, b action) int { return a.at.Compare(b.at) })
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"scheduler_admin_action_logs"},
		[]string{"actor", "action", "target", "payload_json", "created_at"},
		pgx.CopyFromSlice(len(p.actions), func(i int) ([]any, error) {
			a := p.actions[i]
			payload, err := json.Marshal(a.payload)
			return []any{a.actor, a.name, a.target, json.RawMessage(payload), a.at}, err
		}))
	if err != nil {
		return err
	}
	return p.writeReloads(ctx, tx)
}

// routine is one of the things that operators do on an ordinary day.
func (p *past) routine(at time.Time) {
	w := pick(p, p.eraAt(at).workers)
	actor := pick(p, operators)
	switch p.random.IntN(6) {
	case 0:
		limit := strconv.Itoa(6 + p.random.IntN(10))
		p.act(at, "admin", "setting.set", "SCHEDULER_WORKER_HIGH_LOAD_THRESHOLD", map[string]any{"value": limit})
		p.act(at.Add(20*time.Second), "admin", "setting.apply", fmt.Sprint(p.countReloads()+1), map[string]any{})
	case 1:
		p.act(at, actor, "worker.drain", w.id, map[string]any{"enable": true, "reason": w.node + " カーネル更新"})
		p.act(at.Add(22*time.Minute), actor, "worker.drain", w.id, map[string]any{"enable": false})
	case 2:
		p.act(at, actor, "worker.detach", w.id, map[string]any{"reason": "応答が遅い", "node_id": w.node})
	case 3:
		p.act(at, "", "alert.webhook", "alertmanager", map[string]any{"sent": 1, "errors": []string{}})
	case 4:
		p.act(at, "admin", "setting.set", "SCHEDULER_NOTIFY_SLACK_WEBHOOK_URL", map[string]any{"value": "<redacted>"})
	default:
		p.act(at, "admin", "setting_help.set", "SCHEDULER_MIN_ONLINE_WORKERS", map[string]any{"title": "最小ワーカー数"})
	}
}

func (p *past) countReloads() (n int) {
	for _, a := range p.actions {
		if a.name == "setting.apply" {
			n++
		}
	}
	return n
}

// writeReloads writes the request behind every apply, and what each worker answered.
func (p *past) writeReloads(ctx context.Context, tx pgx.Tx) error {
	var rows [][]any
	for _, a := range p.actions {
		if a.name != "setting.apply" {
			continue
		}
		e := p.eraAt(a.at)
		targets := map[string]any{}
		for i, w := range e.workers {
			targets[w.id] = map[string]any{"target": fmt.Sprintf("127.0.0.1:%d", 50051+i), "ok": true, "message": "", "cache_generation": 2}
		}
		result, err := json.Marshal(map[string]any{
			"leader_cache_generation": 2, "targets": targets, "ok_count": len(targets), "total": len(targets),
		})
		if err != nil {
			return err
		}
		rows = append(rows, []any{a.actor, a.at, "APPLIED", a.at.Add(1100 * time.Millisecond), e.workers[0].id, e.epoch, json.RawMessage(result)})
	}
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"scheduler_config_reload_requests"},
		[]string{"requested_by", "requested_at", "status", "applied_at", "leader_worker_id", "leader_epoch", "result_json"},
		pgx.CopyFromRows(rows))
	return err
}
