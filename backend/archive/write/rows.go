package write

import (
	"encoding/json"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/history"
	"github.com/opsdeck/opsdeck/backend/sample"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Rows as an archive's columns hold them, in the columns' order.

func micros(t time.Time) any { return t.UnixMicro() }

func optionalMicros(t *time.Time) any {
	if t == nil {
		return nil
	}
	return t.UnixMicro()
}

func optional[T ~int | ~int64](n *T) any {
	if n == nil {
		return nil
	}
	return int64(*n)
}

func optionalReal(n *float64) any {
	if n == nil {
		return nil
	}
	return *n
}

func optionalText(s *string) any {
	if s == nil {
		return nil
	}
	return *s
}

func document(raw json.RawMessage) any {
	if raw == nil {
		return nil
	}
	return string(raw)
}

func truth(b bool) any {
	if b {
		return int64(1)
	}
	return int64(0)
}

func wholeSeconds(d time.Duration) any { return int64(d / time.Second) }

func jobRow(j scheduler.Job) []any {
	return []any{int64(j.ID), j.Name, truth(j.Enabled), string(j.Type), j.Command, document(j.DefaultArgs), truth(j.ArgsMasked),
		document(j.Schedule), wholeSeconds(j.Timeout), int64(j.MaxRetries), wholeSeconds(j.RetryBackoff), string(j.ConcurrencyPolicy),
		micros(j.CreatedAt), micros(j.UpdatedAt)}
}

func runRow(n int64, r scheduler.Run) []any {
	return []any{n, int64(r.ID), int64(r.JobID), optionalMicros(r.ScheduledFor), optionalMicros(r.AssignedAt), r.AssignedWorker,
		string(r.State), int64(r.Attempt), int64(r.Version), optional(r.LeaderEpoch), optionalMicros(r.StartedAt),
		optionalMicros(r.FinishedAt), optional(r.ExitCode), r.ErrorSummary, r.LogRef, r.IdempotencyKey, optionalReal(r.CPUSeconds),
		optional(r.PeakRSSBytes), optional(r.IOReadBytes), optional(r.IOWriteBytes), string(r.Continuation),
		optionalMicros(r.ConfirmingSince), optionalMicros(r.ConfirmingDeadlineAt), micros(r.CreatedAt), micros(r.UpdatedAt)}
}

func attemptRow(a history.Attempt) []any {
	return []any{int64(a.Run), int64(a.Number), a.WorkerID, a.LeaderEpoch, micros(a.StartedAt), optionalMicros(a.EndedAt), a.Outcome,
		optional(a.ExitCode), a.Note, a.LogRef, truth(a.LogGone)}
}

func eventRow(e console.Event) []any {
	return []any{e.ID, e.Type, document(e.Payload), e.Size, optionalText(e.DedupeKey), micros(e.CreatedAt), optionalMicros(e.ProcessedAt)}
}

func settingRow(s history.Setting) []any {
	return []any{s.Key, document(s.Value), truth(s.Secret), micros(s.UpdatedAt)}
}

func helpRow(h console.SettingHelp) []any {
	return []any{h.Key, h.Title, h.Description, h.Impact, truth(h.Editable), h.Input, list(h.Choices), optional(h.Min), optional(h.Max),
		list(h.Examples), truth(h.Secret)}
}

// list is a JSON array; texts can always be marshalled.
func list(texts []string) any {
	if texts == nil {
		texts = []string{}
	}
	encoded, _ := json.Marshal(texts)
	return string(encoded)
}

func reloadRow(r history.Reload) []any {
	return []any{r.ID, r.RequestedBy, micros(r.RequestedAt), r.Status, optionalMicros(r.AppliedAt), r.LeaderID, optional(r.LeaderEpoch), document(r.Raw)}
}

func auditRow(n int64, a console.AuditEntry) []any {
	return []any{n, a.ID, a.Actor, a.Action, a.Target, document(a.Detail), a.Size, micros(a.At), a.Written}
}

func chainRow(id int64, l history.Link) []any {
	var digest any
	if len(l.Digest) > 0 {
		digest = l.Digest
	}
	return []any{id, l.Login, truth(l.ByGate), l.Seq, digest}
}

func sealRow(s history.Seal) []any { return []any{s.Seq, micros(s.At), s.By, s.Digest} }

func termRow(t history.Term) []any { return []any{t.Epoch, t.WorkerID, micros(t.Since)} }

func recordingRow(r sample.Recording) []any {
	return []any{r.ID, string(r.Topic), micros(r.Since), micros(r.Until), r.Every.Microseconds(), r.Source}
}

func sampleRow(s sample.Row) []any {
	return []any{string(s.Kind), s.Recording, micros(s.Frame), micros(s.At), s.Key, document(s.Doc)}
}

func noteRow(n int64, o history.Note) []any { return []any{n, micros(o.At), o.Author, o.Text} }
