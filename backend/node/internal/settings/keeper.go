package settings

import (
	"bytes"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"slices"
	"strings"
	"sync"
)

// Row is one key that somebody has set in the table.
type Row struct {
	Key   string          `db:"key"`
	Value json.RawMessage `db:"value_json"` // bare, or {"value": bare}
}

// Problem is a value that can't be used. The message never shows the value of a secret.
type Problem struct {
	Key     string
	Message string
}

func (p Problem) String() string { return p.Key + ": " + p.Message }

// Keeper holds the values in force. Its methods may be called concurrently.
type Keeper struct {
	log *slog.Logger

	mu         sync.Mutex
	start      Values // what holds where neither table nor environment say anything
	values     Values
	generation int64
	problems   []Problem
}

// NewKeeper begins with what the node was started with and the process's environment.
func NewKeeper(start Values, log *slog.Logger) *Keeper {
	k := &Keeper{log: log, start: start, values: start}
	k.Apply(nil)
	return k
}

// Values are those in force.
func (k *Keeper) Values() Values {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.values
}

// Problems lists what can't be used, by key.
func (k *Keeper) Problems() []Problem {
	k.mu.Lock()
	defer k.mu.Unlock()
	return slices.Clone(k.problems)
}

// Generation counts how often the settings were read on somebody's request.
func (k *Keeper) Generation() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.generation
}

// Reloaded counts a request up and tells the count.
func (k *Keeper) Reloaded() int64 {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.generation++
	return k.generation
}

// Apply takes the table's rows over and gives the values in force. What is wrong is logged when it changes.
func (k *Keeper) Apply(rows []Row) Values {
	k.mu.Lock()
	defer k.mu.Unlock()
	values, problems := read(rows, os.LookupEnv, k.start, k.values)
	k.values = values
	if !slices.Equal(problems, k.problems) {
		for _, p := range problems {
			if !slices.Contains(k.problems, p) {
				k.log.Warn("a setting can't be used; the former value stays in force", "key", p.Key, "why", p.Message)
			}
		}
		k.problems = problems
	}
	return values
}

// read puts the values together: row, else environment, else start. A bad one leaves what is in force.
func read(rows []Row, environment func(string) (string, bool), start, former Values) (Values, []Problem) {
	set := map[string]json.RawMessage{}
	for _, row := range rows {
		set[row.Key] = row.Value
	}
	var problems []Problem
	values := former
	for _, s := range specs {
		if err := apply(s, set, environment, start, &values); err != nil {
			problems = append(problems, Problem{s.key, err.Error()})
		}
	}
	slices.SortFunc(problems, func(a, b Problem) int { return strings.Compare(a.Key, b.Key) })
	return values, problems
}

func apply(s spec, set map[string]json.RawMessage, environment func(string) (string, bool), start Values, values *Values) error {
	if raw, ok := set[s.key]; ok {
		text, err := plain(raw)
		if err != nil {
			return err
		}
		return s.guarded(values, text)
	}
	if text, ok := environment(s.key); ok {
		return s.guarded(values, strings.TrimSpace(text))
	}
	s.copy(&start, values)
	return nil
}

// guarded hides what a secret's value was.
func (s spec) guarded(values *Values, text string) error {
	err := s.set(values, text)
	if err != nil && s.secret {
		return errors.New("it can't be used")
	}
	return err
}

// plain is the text of a value that is bare or wrapped as {"value": v}: of a text, a number or a truth value.
func plain(raw json.RawMessage) (string, error) {
	var wrapped map[string]json.RawMessage
	if json.Unmarshal(raw, &wrapped) == nil && len(wrapped) == 1 && wrapped["value"] != nil {
		raw = wrapped["value"]
	}
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || raw[0] == '{' || raw[0] == '[' || string(raw) == "null" {
		return "", errors.New("it is neither a text nor a number nor a truth value")
	}
	var text string
	if json.Unmarshal(raw, &text) != nil {
		text = string(raw)
	}
	return strings.TrimSpace(text), nil
}
