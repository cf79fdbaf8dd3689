package write

import (
	"github.com/opsdeck/opsdeck/backend/console"
)

// chosen is a filter as the archive says it: only what was chosen, under the names that the screens and the command line use.
func chosen(f console.RunFilter) map[string]any {
	fields := map[string]any{}
	set := func(name string, value any, given bool) {
		if given {
			fields[name] = value
		}
	}
	set("states", f.States, len(f.States) > 0)
	set("job", f.JobID, f.JobID != 0)
	set("worker", f.WorkerID, f.WorkerID != "")
	set("epoch", f.Epoch, f.Epoch != nil)
	set("created_from", f.CreatedFrom, f.CreatedFrom != nil)
	set("created_before", f.CreatedBefore, f.CreatedBefore != nil)
	set("min_seconds", f.MinDuration.Seconds(), f.MinDuration > 0)
	set("max_seconds", f.MaxDuration.Seconds(), f.MaxDuration > 0)
	set("min_attempt", f.MinAttempt, f.MinAttempt > 0)
	set("later_than_seconds", f.LaterThan.Seconds(), f.LaterThan > 0)
	set("error_text", f.ErrorText, f.ErrorText != "")
	return fields
}
