package archive

import (
	"context"
	"strconv"
	"strings"
	"unicode"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// runQuery says which conditions a query has, and by which way it finds runs; see queries/run_match.sql.
type runQuery struct {
	Way                                                                                                string
	Order                                                                                              string
	Past, State, Phase, Job, Worker, Epoch, MinAttempt, MinDuration, MaxDuration, LaterThan, Text, Log bool
	Final                                                                                              string // ids of the final states
	Running                                                                                            int64
}

// reach is a range of places on the list.
type reach struct{ low, high int64 }

func (r reach) empty() bool { return r.low > r.high }

// questions are the queries that together find the runs of a filter: one a state, since an index keeps the list's order
// only within one.
func (m moment) questions(ctx context.Context, f console.RunFilter, r reach, logs *logPlan) (queries []runQuery, all []args, err error) {
	base := runQuery{
		Order: "desc", Past: m.past, Job: f.JobID != 0, Worker: f.WorkerID != "", Epoch: f.Epoch != nil, MinAttempt: f.MinAttempt > 0,
		MinDuration: f.MinDuration > 0, MaxDuration: f.MaxDuration > 0, LaterThan: f.LaterThan > 0, Text: f.ErrorText != "",
		Log:   f.LogText != "",
		Final: m.finalIDs(), Running: m.words.id(string(scheduler.Running)),
	}
	values := args{
		"at": m.at.UnixMicro(), "job": int64(f.JobID), "worker": m.words.id(f.WorkerID), "epoch": f.Epoch, "min_attempt": f.MinAttempt,
		"min_duration": f.MinDuration.Microseconds(), "max_duration": f.MaxDuration.Microseconds(), "later_than": f.LaterThan.Microseconds(),
		"min_bucket": bucketOf(f.MinDuration), "late_bucket": bucketOf(f.LaterThan), "text": fold(f.ErrorText),
		"match": trigrams(f.ErrorText), "error_limit": listedError, "log_text": fold(f.LogText),
	}
	if f.Epoch != nil {
		span, err := m.epochReach(ctx, *f.Epoch)
		if err != nil {
			return nil, nil, err
		}
		r = reach{max(r.low, span.low), min(r.high, span.high)}
	}
	values["low"], values["high"] = r.low, r.high
	if logs != nil {
		base.Way = "log"
		logs.into(values)
	}
	if r.empty() || base.Worker && values["worker"] == int64(0) {
		return nil, nil, nil
	}
	if len(f.States) == 0 {
		base.Way = m.way(base, 0, f)
		return []runQuery{base}, []args{values}, nil
	}
	for _, state := range f.States {
		q, v := base, values.with("state", m.words.id(string(state)))
		switch {
		case !m.past && v["state"] == int64(0), m.past && state == scheduler.Orphaned, m.past && state.Final() && v["state"] == int64(0):
			continue // there is none; and nobody knows later that a run was orphaned
		case m.past && !state.Final():
			q.Phase, v["phase"] = true, string(state)
		default:
			q.State = true
		}
		q.Way = m.way(q, m.states[m.words.id(string(state))], f)
		queries, all = append(queries, q), append(all, v)
	}
	return queries, all, nil
}

func (v args) with(name string, value any) args {
	more := make(args, len(v)+1)
	for k, x := range v {
		more[k] = x
	}
	more[name] = value
	return more
}

// way chooses how runs are found: by what leaves the fewest.
func (m moment) way(q runQuery, ofState int64, f console.RunFilter) string {
	switch {
	case q.Way != "": // chosen already
		return q.Way
	case q.Text && len(trigrams(f.ErrorText)) > 0:
		return "text"
	case q.State && ofState < m.last/50 && (!q.Job || ofState < m.last/500) && (!q.Worker || ofState < m.last/500):
		return "state"
	case q.Job:
		return "job"
	case q.Worker:
		return "worker"
	case q.Phase || q.MinDuration || q.LaterThan || q.MinAttempt:
		return "span"
	case q.State:
		return "state"
	}
	return "list"
}

// finalIDs lists the ids of the final states that the archive has, for SQL.
func (m moment) finalIDs() string {
	var ids []string
	for _, s := range scheduler.RunStates {
		if id := m.words.id(string(s)); s.Final() && id != 0 {
			ids = append(ids, strconv.FormatInt(id, 10))
		}
	}
	if len(ids) == 0 {
		return "0"
	}
	return strings.Join(ids, ", ")
}

// trigrams is what the search in errors is asked for: every three characters of a text. It finds some texts too many,
// which contains_text sorts out; "" for a text that is too short.
func trigrams(text string) string {
	letters := []rune(text)
	var terms []string
	for i := 0; i+3 <= len(letters); i++ {
		terms = append(terms, `"`+strings.ReplaceAll(string(letters[i:i+3]), `"`, `""`)+`"`)
	}
	return strings.Join(terms, " ")
}

// fold makes texts comparable whatever their case.
func fold(text string) string { return strings.Map(unicode.ToLower, text) }
