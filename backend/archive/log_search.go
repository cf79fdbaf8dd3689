package archive

import (
	"context"
	"time"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// searchPatience is how long logs without an index are read for one page.
const searchPatience = 3 * time.Second

// searchStretch is how many runs are looked at before the clock is, at first: more, where it goes quickly.
const searchStretch = 500

// search gives up to some runs of a range of places whose logs have a text, and whether there may be more. It reads the logs from
// one end of the range on, stops when its patience is over, and gives what it has found by then; or says how far it came.
func (m moment) search(ctx context.Context, f console.RunFilter, r reach, newer bool, size int) (found []placed, more bool, err error) {
	began, length := time.Now(), int64(searchStretch)
	for !r.empty() {
		stretch := reach{max(r.low, r.high-length+1), r.high}
		if newer {
			stretch = reach{r.low, min(r.high, r.low+length-1)}
		}
		started := time.Now()
		rows, err := m.page(ctx, f, stretch, nil, newer, size-len(found))
		if err != nil {
			return nil, false, err
		}
		if newer {
			found, r.low = append(rows, found...), stretch.high+1
		} else {
			found, r.high = append(found, rows...), stretch.low-1
		}
		switch {
		case len(found) >= size || r.empty():
			return found, false, nil
		case time.Since(began) >= m.patience && len(found) > 0:
			return found, true, nil
		case time.Since(began) >= m.patience:
			return nil, false, m.searchedTo(ctx, r, newer)
		case time.Since(started) < searchPatience/30:
			length *= 2
		}
	}
	return found, false, nil
}

// searchedTo says how far a search has come that found nothing.
func (m moment) searchedTo(ctx context.Context, rest reach, newer bool) error {
	next := rest.high
	if newer {
		next = rest.low
	}
	at, _, err := m.runAt(ctx, next)
	if err != nil {
		return err
	}
	text := at.Format(time.RFC3339)
	return scheduler.Errorf(scheduler.Unavailable, "archive.log_search",
		"No log has this text as far as runs that were made at %s. Reading on takes long, since no index helps here: narrow the search by a time range, a job or a worker.",
		text).With("at", text)
}
