// Package compare lays the job definitions, settings, workers and runs of two environments side by side. It knows no server: it is
// given what was read of both, live or from archives. What is expected to differ is said by rules.
package compare

import (
	"encoding/json"
	"maps"
	"slices"

	"github.com/opsdeck/opsdeck/backend/console"
	"github.com/opsdeck/opsdeck/backend/scheduler"
)

// Kind is what is compared.
type Kind string

// The kinds.
const (
	Job     Kind = "job"
	Setting Kind = "setting"
	Worker  Kind = "worker"
)

// State is what a comparison found.
type State string

// The states of a field and of an item, from the best to the one that most needs a look. Expected is a difference that a rule
// names; unknown is what can't be compared because a secret is masked, or because a name stands twice.
const (
	Equal     State = "equal"
	Expected  State = "expected"
	Unknown   State = "unknown"
	Different State = "different"
	OnlyHere  State = "here"
	OnlyThere State = "there"
)

// Side is what was read of one environment.
type Side struct {
	Jobs     []scheduler.Job
	Settings []console.Setting // the stored ones
}

// Item is a job, a setting or a worker on both sides.
type Item struct {
	Kind   Kind
	Name   string // the job's name, the setting's key, the worker's id
	State  State
	Fields []Field
	// HereJob and ThereJob are the definitions; nil where there is none.
	HereJob, ThereJob *scheduler.Job
	// HereSetting and ThereSetting are the stored settings; nil where there is none.
	HereSetting, ThereSetting *console.Setting
	// HereWorker and ThereWorker are the workers; nil where there is none.
	HereWorker, ThereWorker *scheduler.Worker
}

// Field is one value on both sides, as JSON; nil where there is none, or where it is a secret.
type Field struct {
	Name        string
	Here, There json.RawMessage
	State       State
	Rule        *Rule // the rule about it, whether it holds or not
}

// Items compares two sides: first the jobs, then the settings, each by name.
func Items(here, there Side, rules Rules) []Item {
	items := append(jobs(here.Jobs, there.Jobs), settings(here.Settings, there.Settings)...)
	for i := range items {
		items[i].judge(rules)
	}
	return items
}

func jobs(here, there []scheduler.Job) []Item {
	return pair(here, there, func(j scheduler.Job) string { return j.Name }, func(name string, here, there []scheduler.Job) Item {
		item := Item{Kind: Job, Name: name}
		if len(here) > 1 || len(there) > 1 {
			item.State = Unknown // which belongs to which?
			return item
		}
		var fields [2][]Field
		if len(here) == 1 {
			item.HereJob, fields[0] = &here[0], jobFields(here[0])
		}
		if len(there) == 1 {
			item.ThereJob, fields[1] = &there[0], jobFields(there[0])
		}
		item.Fields = join(fields)
		return item
	})
}

func settings(here, there []console.Setting) []Item {
	return pair(here, there, func(s console.Setting) string { return s.Spec.Key }, func(key string, here, there []console.Setting) Item {
		item := Item{Kind: Setting, Name: key}
		var fields [2][]Field
		if len(here) > 0 {
			item.HereSetting, fields[0] = &here[0], []Field{settingField(here[0])}
		}
		if len(there) > 0 {
			item.ThereSetting, fields[1] = &there[0], []Field{settingField(there[0])}
		}
		item.Fields = join(fields)
		return item
	})
}

// pair brings together what has the same name on both sides, by name.
func pair[T, Pair any](here, there []T, name func(T) string, of func(name string, here, there []T) Pair) []Pair {
	sides := map[string]*[2][]T{}
	for i, side := range [][]T{here, there} {
		for _, one := range side {
			n := name(one)
			if sides[n] == nil {
				sides[n] = &[2][]T{}
			}
			sides[n][i] = append(sides[n][i], one)
		}
	}
	pairs := make([]Pair, 0, len(sides))
	for _, n := range slices.Sorted(maps.Keys(sides)) {
		pairs = append(pairs, of(n, sides[n][0], sides[n][1]))
	}
	return pairs
}

// join lays the fields of both sides side by side; a side may have none.
func join(sides [2][]Field) []Field {
	joined := slices.Clone(sides[0])
	for i, f := range sides[1] {
		if i == len(joined) {
			joined = append(joined, Field{Name: f.Name})
		}
		joined[i].There = f.Here
		if f.State == Unknown {
			joined[i].State = Unknown
		}
	}
	return joined
}

// judge decides the states of an item.
func (item *Item) judge(rules Rules) {
	if item.State != "" {
		return
	}
	for i := range item.Fields {
		item.Fields[i].judge(rules.find(item.Kind, item.Name, item.Fields[i].Name))
	}
	here := item.HereJob != nil || item.HereSetting != nil || item.HereWorker != nil
	there := item.ThereJob != nil || item.ThereSetting != nil || item.ThereWorker != nil
	switch {
	case !there && !item.expected():
		item.State = OnlyHere
	case !here && !item.expected():
		item.State = OnlyThere
	default:
		item.State = Equal
		for _, state := range []State{Expected, Unknown, Different} {
			if slices.ContainsFunc(item.Fields, func(f Field) bool { return f.State == state }) {
				item.State = state
			}
		}
	}
}

// expected tells whether every difference is named by a rule, as that a setting stands on one side only.
func (item *Item) expected() bool {
	return !slices.ContainsFunc(item.Fields, func(f Field) bool { return f.State != Expected && f.State != Equal })
}

func (f *Field) judge(rule *Rule) {
	f.Rule = rule
	switch {
	case f.State == Unknown:
	case same(f.Here, f.There):
		f.State = Equal
	case rule != nil && same(rule.Here, f.Here) && same(rule.There, f.There):
		f.State = Expected
	default:
		f.State = Different
	}
}
