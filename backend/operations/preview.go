package operations

import (
	"maps"
	"slices"
	"strings"
	"time"
)

// Tier is how much an operator has to confirm.
type Tier string

// The tiers. Dangerous ones want a name typed.
const (
	Plain     Tier = "plain"
	Confirm   Tier = "confirm"
	Dangerous Tier = "dangerous"
)

// Preview is what an operation would do, computed now. Keys are translated by the screens.
type Preview struct {
	Action     string // its name in the audit, such as "worker.detach"
	Target     string // the id or key that it acts on
	Tier       Tier
	Reversible bool   // another operation takes it back
	TypedName  string // what the dangerous tier wants typed; "" otherwise
	Touches    []Touch
	Notes      []Note
	Epoch      *int64 // that the operation is bound to; nil where no leader matters
	Way        string // how the cluster lets it be done, where there is more than one way
	AsOf       time.Time
}

// Touch is one kind of thing that an operation touches. Names may list fewer than Count.
type Touch struct {
	Key   string
	Count int
	Names []string
}

// Note is something to know before performing an operation.
type Note struct {
	Level Level
	Key   string
	Args  map[string]string
}

// Level is how much a note matters.
type Level string

// The levels of notes.
const (
	Info    Level = "info"
	Warning Level = "warning"
	Danger  Level = "danger"
)

// maxNames bounds the names of a touch.
const maxNames = 12

func touch(key string, names ...string) Touch {
	return Touch{Key: key, Count: len(names), Names: names[:min(len(names), maxNames)]}
}

// of corrects the count of a touch whose names are the first of more.
func (t Touch) of(n int) Touch {
	t.Count = max(t.Count, n)
	return t
}

// touchCount is a touch whose members have no names worth listing.
func touchCount(key string, n int) Touch { return Touch{Key: key, Count: n} }

func info(key string, args ...string) Note    { return note(Info, key, args) }
func warning(key string, args ...string) Note { return note(Warning, key, args) }
func danger(key string, args ...string) Note  { return note(Danger, key, args) }

// note takes names and values in turn.
func note(level Level, key string, args []string) Note {
	n := Note{Level: level, Key: key}
	for pair := range slices.Chunk(args, 2) {
		if n.Args == nil {
			n.Args = map[string]string{}
		}
		n.Args[pair[0]] = pair[1]
	}
	return n
}

// basis is what a preview rests on, by name: an operation is performed only while all of it is still so. Numbers that
// change all the time in a busy cluster are not in it unless they decide something.
type basis map[string]string

// changed names the first fact of b that differs in now; "" if none does.
func (b basis) changed(now basis) string {
	var names []string
	for name := range b {
		names = append(names, name)
	}
	for name := range now {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if b[name] != now[name] {
			return name
		}
	}
	return ""
}

// missing names the first fact of b that is another in now; "" if none is. What now knows beside them doesn't matter.
func (b basis) missing(now basis) string {
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if b[name] != now[name] {
			return name
		}
	}
	return ""
}

// list is a set as one fact.
func list(ids []string) string {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return strings.Join(ids, "\x00")
}
