package history

import (
	"container/heap"
	"context"
	"fmt"
	"math"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/opsdeck/opsdeck/backend/sandbox/catalog"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// run is a row of scheduler_job_runs, in its final state.
type run struct {
	due
	id         int64
	state      scheduler.RunState
	worker     string // "" = none
	epoch      int64
	attempt    int
	version    int
	assigned   *time.Time
	started    *time.Time
	finished   time.Time
	exitCode   *int
	err        string
	cpu        *float64
	rss, rd, w *int64
	lost       *attempt // the try that died with its node
}

var runColumns = []string{
	"job_definition_id", "scheduled_for", "assigned_at", "assigned_worker_id", "state", "attempt", "version", "leader_epoch",
	"started_at", "finished_at", "exit_code", "error_summary", "log_ref", "idempotency_key", "continuation_state",
	"created_at", "updated_at", "resource_cpu_seconds_total", "resource_peak_rss_bytes", "resource_io_read_bytes",
	"resource_io_write_bytes",
}

func (r run) columns(logRef string) []any {
	return []any{
		int64(r.job.id), r.at, r.assigned, r.worker, string(r.state), r.attempt, r.version, r.epoch,
		r.started, r.finished, r.exitCode, r.err, logRef, r.key, string(scheduler.NotConfirming),
		r.created, r.finished, r.cpu, r.rss, r.rd, r.w,
	}
}

// writeRuns works the queue off while the rows flow to the server. Ids are not written but counted: the table is
// fresh, so they are the rows' places.
func (p *past) writeRuns(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.CopyFrom(ctx, pgx.Identifier{"scheduler_job_runs"}, runColumns, pgx.CopyFromFunc(func() ([]any, error) {
		for p.runs.Len() > 0 {
			r := p.happen(heap.Pop(&p.runs).(due))
			if !r.finished.Before(p.Now) {
				continue // the past is over
			}
			p.made++
			if p.Progress != nil && p.made%2000 == 0 {
				p.Progress(p.made, max(p.made, p.expect))
			}
			p.retry(r)
			p.remember(r)
			return r.columns(p.logOf(r)), nil
		}
		return nil, nil
	}))
	if err != nil {
		return err
	}
	if p.Progress != nil {
		p.Progress(p.made, p.made)
	}
	return nil
}

const skipAfter = 5 * time.Minute

// happen lets a run take place.
func (p *past) happen(d due) run {
	r := run{due: d, id: p.made + 1, version: 3}
	e := p.eraAt(d.created)
	r.epoch = e.epoch
	w := p.choose(e, "")
	start := d.at.Add(time.Duration(p.about(250, 0.8)) * time.Millisecond)
	if back, ok := p.stoppedUntil(d.at); ok {
		start = back.Add(time.Duration(p.about(4, 0.9)) * time.Second)
	}
	if free := p.busy[w.id]; free.After(start) {
		start = free.Add(60 * time.Millisecond)
	}
	if start.Sub(d.at) > skipAfter {
		return p.skip(r)
	}
	assigned := d.created.Add(time.Duration(p.about(70, 0.6)) * time.Millisecond)
	if assigned.After(start) {
		assigned = start.Add(-10 * time.Millisecond)
	}
	r.worker, r.assigned, r.started = w.id, &assigned, &start
	p.end(&r)
	if lost, ok := p.lostDuring(w.node, start, r.finished); ok {
		p.takeOver(&r, e, lost)
	}
	p.busy[r.worker] = r.finished
	p.measure(&r)
	return r
}

func (p *past) skip(r run) run {
	r.state, r.version = scheduler.Skipped, 1
	r.finished = r.at.Add(skipAfter + time.Duration(p.random.IntN(1000))*time.Millisecond)
	if back, ok := p.stoppedUntil(r.at); ok && back.After(r.finished) {
		r.finished = back.Add(time.Duration(p.random.IntN(3000)) * time.Millisecond)
	}
	r.err = fmt.Sprintf("skipped: scheduled_for too old (%s)", r.at.Format(time.RFC3339))
	return r
}

// end decides how long a started run took and how it ended.
func (p *past) end(r *run) {
	past := r.job.Past
	trouble, hit := p.incidentAt(*r.started, r.job.Command)
	seconds := past.Typical.Seconds() * math.Exp(p.random.NormFloat64()*past.Spread) * (1 + past.Night*night(*r.started))
	failing, says := past.Failing, ""
	if hit {
		seconds *= max(1, trouble.slower)
		if trouble.failing > failing {
			failing, says = trouble.failing, trouble.says
		}
	}
	took := time.Duration(seconds * float64(time.Second))
	code := 0
	switch {
	case past.TimesOut || r.job.Timeout > 0 && took > r.job.Timeout:
		took = r.job.Timeout + time.Duration(p.about(180, 0.8))*time.Millisecond
		r.state, code, r.err = scheduler.TimedOut, -15, "timed out"
	case p.chance(failing):
		took = time.Duration(float64(took) * p.about(0.55, 0.8))
		r.state, code, r.err = scheduler.Failed, max(1, past.ExitCode), says
		if says == "" && len(past.Error) > 0 {
			r.err = p.errorOf(r)
		}
	case took > 10*time.Second && p.chance(0.002):
		took = time.Duration(float64(took) * p.random.Float64())
		r.state, r.err = scheduler.Canceled, pick(p, cancelReasons)
	default:
		r.state = scheduler.Succeeded
	}
	r.finished = r.started.Add(took).Truncate(time.Microsecond)
	if r.state != scheduler.Canceled {
		r.exitCode = &code
	}
}

var cancelReasons = []string{"canceled", "リリース作業のため停止", "wrong arguments, will run again", "入力データ誤りのため中止"}

// errorOf picks what a failed run says: one of its job's texts, and once, two days ago, far too much.
func (p *past) errorOf(r *run) string {
	if !p.huge && r.job.Command == "partner_feed" && p.to.Sub(*r.started) < 48*time.Hour {
		p.huge = true
		return catalog.HugeError()
	}
	return pick(p, r.job.Past.Error)
}

// takeOver gives a run whose node died to another worker, after the cluster has made sure.
func (p *past) takeOver(r *run, e era, lost time.Time) {
	before := r.worker
	assigned := lost.Add(time.Duration(p.about(46, 0.05) * float64(time.Second)))
	started := assigned.Add(400 * time.Millisecond)
	r.worker = p.choose(e, before).id
	if free := p.busy[r.worker]; free.After(started) {
		started = free.Add(60 * time.Millisecond)
	}
	took := r.finished.Sub(*r.started)
	r.lost = &attempt{worker: before, started: *r.started, ended: assigned}
	r.assigned, r.started, r.finished = &assigned, &started, started.Add(took)
	r.attempt, r.version = 1, 6
	if r.err != "" {
		r.err = "orphaned: confirming deadline exceeded\n" + r.err
	}
}

// night is 1 at 03:00 in Japan, when everything else runs too, and 0 by day.
func night(t time.Time) float64 {
	hour := float64(t.UTC().Hour()) + float64(t.UTC().Minute())/60
	off := math.Abs(hour - 18)
	return math.Exp(-off * off / 4)
}

// measure fills in what the run's processes used.
func (p *past) measure(r *run) {
	past, seconds := r.job.Past, r.finished.Sub(*r.started).Seconds()
	cpu := p.about(past.Cores*seconds, 0.2)
	rss := int64(p.about(float64(past.Memory), 0.25))
	rd, w := int64(p.about(float64(past.Read)*seconds, 0.3)), int64(p.about(float64(past.Written)*seconds, 0.3))
	r.cpu, r.rss, r.rd, r.w = &cpu, &rss, &rd, &w
}

// retry puts the next run of a failed chain into the queue, as our node does.
func (p *past) retry(r run) {
	if r.state != scheduler.Failed && r.state != scheduler.TimedOut || r.due.retry >= r.job.Retries {
		return
	}
	next := due{job: r.job, retry: r.due.retry + 1, first: r.first}
	if r.due.retry == 0 {
		next.first = r.id
	}
	next.created = r.finished.Add(time.Duration(p.random.IntN(900)+50) * time.Millisecond)
	next.at = next.created.Add(r.job.Backoff)
	next.key = fmt.Sprintf("retry:%d:%d", next.first, next.retry)
	heap.Push(&p.runs, next)
}
