package metrics

import (
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
)

// Kinds of problems. A node goes on in spite of each of them.
const (
	BadSchedule = "schedule" // a job that never fires
	BadSetting  = "setting"  // a value that can't be used
	BadKey      = "redis"    // a key of the wrong type
	BadRow      = "row"      // a row that means nothing
	BadClock    = "clock"    // this machine's
	NoArchive   = "archive"  // logs stay in the database
	NoServer    = "server"   // PostgreSQL or Redis does not answer
)

// Problem is something that an operator should repair.
type Problem struct {
	Kind    string `json:"kind"`
	What    string `json:"what"` // which job, key, row
	Message string `json:"message"`
}

// Board holds the problems that there are now. It logs each when it comes and when it has gone.
type Board struct {
	log *slog.Logger

	mu  sync.Mutex
	now map[string]map[string]string // kind to what to message
}

// NewBoard makes an empty board.
func NewBoard(log *slog.Logger) *Board {
	return &Board{log: log, now: map[string]map[string]string{}}
}

// Report says that there is a problem.
func (b *Board) Report(kind, what, message string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.now[kind] == nil {
		b.now[kind] = map[string]string{}
	}
	if b.now[kind][what] != message {
		b.now[kind][what] = message
		b.log.Warn("problem", "kind", kind, "what", what, "why", message)
	}
}

// Clear says that there is none any more.
func (b *Board) Clear(kind, what string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, was := b.now[kind][what]; was {
		delete(b.now[kind], what)
		b.log.Info("problem over", "kind", kind, "what", what)
	}
}

// Set replaces all problems of a kind.
func (b *Board) Set(kind string, messages map[string]string) {
	b.mu.Lock()
	former := maps.Clone(b.now[kind])
	b.mu.Unlock()
	for what := range former {
		if _, still := messages[what]; !still {
			b.Clear(kind, what)
		}
	}
	for _, what := range slices.Sorted(maps.Keys(messages)) {
		b.Report(kind, what, messages[what])
	}
}

// Counts tells how many problems there are of each kind.
func (b *Board) Counts() map[string]int {
	b.mu.Lock()
	defer b.mu.Unlock()
	counts := map[string]int{}
	for kind, all := range b.now {
		counts[kind] = len(all)
	}
	return counts
}

// Problems lists all of them, by kind and what.
func (b *Board) Problems() []Problem {
	b.mu.Lock()
	defer b.mu.Unlock()
	all := []Problem{}
	for kind, of := range b.now {
		for what, message := range of {
			all = append(all, Problem{kind, what, message})
		}
	}
	slices.SortFunc(all, func(x, y Problem) int { return strings.Compare(x.Kind+"\x00"+x.What, y.Kind+"\x00"+y.What) })
	return all
}
